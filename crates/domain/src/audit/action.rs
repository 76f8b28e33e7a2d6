/// Makes the closed list. One row an action: its name on the wire, how it ended and what it means.
macro_rules! actions {
    ($($(#[doc = $means:literal])+ $variant:ident = $name:literal, $outcome:ident;)+) => {
        /// What can be written down. An action is never taken off the list: rows outlive it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[doc = $means])+ $variant,)+
        }

        impl Action {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in rows and in the document.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            #[must_use]
            pub const fn outcome(self) -> Outcome {
                match self {
                    $(Self::$variant => Outcome::$outcome,)+
                }
            }
        }
    };
}

actions! {
    /// Somebody got an account.
    UsersCreated = "users.created", Done;
    /// An account has another name.
    UsersUpdated = "users.updated", Done;
    /// An account has another address, and perhaps another name.
    UsersEmailChanged = "users.email_changed", Done;
    /// The owner of an account asked for another address.
    UsersEmailChangeRequested = "users.email_change_requested", Done;
    /// A token from the mail of its old address kept or gave it back to an account, and its sessions ended.
    UsersEmailChangeCancelled = "users.email_change_cancelled", Done;
    /// Somebody asked for an address that another account has.
    UsersEmailTaken = "users.email_taken", Refused;
    /// An account was opened.
    UsersActivated = "users.activated", Done;
    /// An account was shut, its sessions ended and its API keys are gone.
    UsersDeactivated = "users.deactivated", Done;
    /// An account is gone.
    UsersDeleted = "users.deleted", Done;
    /// An account has another password, and its sessions ended.
    UsersPasswordSet = "users.password_set", Done;
    /// A token from the owner's mail gave an account another password, and its sessions ended.
    UsersPasswordReset = "users.password_reset", Done;
    /// An account has other roles.
    UsersRolesChanged = "users.roles_changed", Done;
    /// Somebody tried to change who, or to grant what, may do more than they.
    RightsExceeded = "rights.exceeded", Refused;
    /// A password began a session.
    SignInSucceeded = "sign_in.succeeded", Done;
    /// A password was wrong; the target is the account that was meant, if there is one. Who was signed in already was
    /// asked for it again.
    SignInRefused = "sign_in.refused", Refused;
    /// A password was not looked at, because too many had been wrong; told once a minute. The target is the account that
    /// was meant, if there is one.
    SignInLimited = "sign_in.limited", Refused;
    /// Somebody asked for a mail to choose another password with. It has no target, whether anybody has the address or not.
    PasswordResetRequested = "password_reset.requested", Done;
    /// An account that waits for its owner was mailed an invitation, again.
    InvitationSent = "invitation.sent", Done;
    /// The owner of an account has chosen its first password.
    InvitationAccepted = "invitation.accepted", Done;
    /// Somebody asked for an account of their own. It has no target, whether anybody has the address or not.
    RegistrationRequested = "registration.requested", Done;
    /// A password was given again in a session.
    SessionsSteppedUp = "sessions.stepped_up", Done;
    /// A refresh token was answered with its successor.
    SessionsRefreshed = "sessions.refreshed", Done;
    /// A refresh token came a second time, and ended its session.
    SessionsRefreshReused = "sessions.refresh_reused", Refused;
    /// A session was ended.
    SessionsEnded = "sessions.ended", Done;
    /// All sessions of a user were ended.
    SessionsAllEnded = "sessions.all_ended", Done;
    /// All sessions of a user were ended but the one that was called with.
    SessionsOthersEnded = "sessions.others_ended", Done;
    /// There is another role.
    RolesCreated = "roles.created", Done;
    /// A role has another description, or grants something else.
    RolesUpdated = "roles.updated", Done;
    /// A role is gone.
    RolesDeleted = "roles.deleted", Done;
    /// Somebody has another project.
    ProjectsCreated = "projects.created", Done;
    /// A project has another name, description or status.
    ProjectsUpdated = "projects.updated", Done;
    /// A project is gone.
    ProjectsDeleted = "projects.deleted", Done;
    /// There is another key to sign access tokens with.
    SigningKeysRotated = "signing_keys.rotated", Done;
    /// Another key signs, and every key before it is gone, with every access token.
    SigningKeysReplaced = "signing_keys.replaced", Done;
    /// A key is gone, of which no token is left.
    SigningKeysRetired = "signing_keys.retired", Done;
    /// Somebody has another API key.
    ApiKeysCreated = "api_keys.created", Done;
    /// An API key has another name, or other scopes.
    ApiKeysUpdated = "api_keys.updated", Done;
    /// An API key is gone.
    ApiKeysDeleted = "api_keys.deleted", Done;
    /// Mail that was given up is tried anew.
    DeadLettersRetried = "dead_letters.retried", Done;
    /// Mail that was given up is gone.
    DeadLettersDeleted = "dead_letters.deleted", Done;
}

/// Whether it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Somebody tried.
    Refused,
}

impl Action {
    /// `None` for a name that this version does not know.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_its_own_and_finds_its_action() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.name()), Some(*action));
        }
        assert_eq!(Action::parse("users.flown"), None);
    }
}
