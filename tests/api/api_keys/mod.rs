mod create;
mod manage;
mod using;
