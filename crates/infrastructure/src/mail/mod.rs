//! Mail: from what it is about to what somebody reads, and out of the house.

mod budget;
mod folder;
mod mailer;
mod policy;
mod smtp;
mod templates;

pub use budget::{LimitedMail, MailLimits};
pub use mailer::TemplateMailer;
pub use policy::{MailLinks, MailPolicy, MailPolicyError, MailTransport, SmtpPolicy, SmtpTls};
