mod authenticate;
mod public_keys;
mod sign_in;
