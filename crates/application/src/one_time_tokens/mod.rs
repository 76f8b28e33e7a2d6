mod ports;

#[cfg(test)]
pub(crate) use ports::{MockOneTimeTokenReader, MockOneTimeTokenWriter};
pub use ports::{OneTimeSecrets, OneTimeTokenReader, OneTimeTokenWriter};
