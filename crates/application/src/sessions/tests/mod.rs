mod authenticate;
mod ending;
mod public_keys;
mod refresh;
mod sign_in;
mod step_up;
