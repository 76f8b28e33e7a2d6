mod dead_letters;
mod letters;
mod ports;
mod service;
#[cfg(test)]
mod tests;

pub use dead_letters::DeadLetters;
pub use ports::{
    Mail, MailAllowance, MailBudget, MailContent, MailFailure, Mailer, OutboxReader, OutboxWriter,
    WantedMail,
};
#[cfg(test)]
pub(crate) use ports::{MockMailBudget, MockMailer, MockOutboxReader, MockOutboxWriter};
pub use service::{Delivery, Outbox, OutboxPolicy, TokenLifetimes};
