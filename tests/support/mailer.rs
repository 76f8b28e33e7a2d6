use std::sync::Mutex;

use application::outbox::{Mail, MailContent, MailFailure, Mailer};
use async_trait::async_trait;
use domain::users::EmailAddress;
use secrecy::ExposeSecret;

/// Keeps every mail that it takes, for the test to read.
#[derive(Default)]
pub struct TestMailer {
    taken: Mutex<Vec<Mail>>,
    refuses: Mutex<Option<MailFailure>>,
}

impl TestMailer {
    /// From now on it takes nothing, or with `None` everything again.
    pub fn refuse(&self, why: Option<MailFailure>) {
        *self.refuses.lock().expect("nobody panics here") = why;
    }

    /// Everything that was mailed, in order.
    #[must_use]
    pub fn taken(&self) -> Vec<Mail> {
        self.taken.lock().expect("nobody panics here").clone()
    }

    /// Everything that was mailed to somebody, in order.
    #[must_use]
    pub fn taken_for(&self, email: &EmailAddress) -> Vec<Mail> {
        let mut taken = self.taken();
        taken.retain(|it| it.to == *email);
        taken
    }

    /// The token that was mailed to somebody last.
    #[must_use]
    pub fn token_for(&self, email: &EmailAddress) -> String {
        let mut mails = self.taken_for(email).into_iter().rev();
        let token = mails.find_map(|it| token(&it));
        token.expect("a token was mailed to them")
    }
}

/// The token in a mail that has one.
#[must_use]
pub fn token(mail: &Mail) -> Option<String> {
    match &mail.content {
        MailContent::PasswordReset { token, .. }
        | MailContent::Invitation { token, .. }
        | MailContent::Registration { token, .. }
        | MailContent::EmailChange { token, .. }
        | MailContent::EmailChangeNotice { token, .. }
        | MailContent::EmailChanged { token, .. } => Some(token.expose_secret().to_owned()),
        MailContent::PasswordChanged
        | MailContent::RefreshReused
        | MailContent::AlreadyRegistered
        | MailContent::EmailTaken
        | MailContent::EmailSet
        | MailContent::EmailReplaced => None,
    }
}

#[async_trait]
impl Mailer for TestMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        if let Some(why) = &*self.refuses.lock().expect("nobody panics here") {
            return Err(why.clone());
        }
        let mut taken = self.taken.lock().expect("nobody panics here");
        taken.push(mail.clone());
        Ok(())
    }
}
