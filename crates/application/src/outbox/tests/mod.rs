mod dead_letters;
mod delivery;
