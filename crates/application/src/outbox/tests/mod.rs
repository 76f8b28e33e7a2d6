mod dead_letters;
mod delivery;
mod email_changes;
