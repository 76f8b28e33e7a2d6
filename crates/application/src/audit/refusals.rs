use std::sync::Arc;

use domain::audit::{Action, Deed, Target};
use domain::credentials::CredentialError;
use domain::sessions::SessionError;
use domain::users::UserError;

use crate::{Clock, Database, Error, Origin, Ports};

/// Writes down what was refused and somebody should know of: who is refused may be trying what they can get.
pub(crate) struct Refusals {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
}

impl Refusals {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// Does the work, and tells of its refusal; by then the work's transaction has been rolled back.
    pub(crate) async fn told<T>(
        &self,
        origin: &Origin,
        target: Option<Target>,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let done = work.await;
        if let Err(refusal) = &done
            && let Some(action) = action(refusal)
        {
            let deed = Deed {
                target,
                ..Deed::of(action)
            };
            let now = self.clock.now();
            self.database.record(origin, deed, now).await?;
        }
        done
    }
}

fn action(refusal: &Error) -> Option<Action> {
    match refusal {
        Error::User(UserError::EmailTaken) => Some(Action::UsersEmailTaken),
        Error::User(UserError::BeyondOwnRights) => Some(Action::RightsExceeded),
        Error::Session(SessionError::SignInRefused)
        | Error::Credential(CredentialError::PasswordWrong) => Some(Action::SignInRefused),
        _ => None,
    }
}
