//! The tests' PostgreSQL for a program that is none of them: says where an empty database is, and ends with its own
//! input.

#![expect(
    clippy::print_stdout,
    reason = "the address is all that it is asked for"
)]

use std::io;

fn main() -> io::Result<()> {
    println!("{}", support::postgres::server().url("postgres"));
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
