mod authenticate;
mod ending;
mod introspect;
mod of_users;
mod public_keys;
mod refresh;
mod sign_in;
mod step_up;
