mod authenticate;
mod public_keys;
mod refresh;
mod sign_in;
