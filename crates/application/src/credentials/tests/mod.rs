mod command_line;
mod own;
