mod every_write;
mod list;
mod own;
