use crate::email_changes::EmailChangeId;
use crate::registrations::RegistrationId;
use crate::users::{EmailAddress, UserId};

/// What to write to whom: an id, or an address where it is not told whether somebody has an account. Never
/// a secret, nor anything that was rendered: whoever delivers it makes both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// A token to choose another password with, if somebody has the address.
    PasswordReset(EmailAddress),
    /// That the password is another one now.
    PasswordChanged(UserId),
    /// That a refresh token came twice, and ended its session.
    RefreshReused(UserId),
    /// A token to choose the first password with.
    Invitation(UserId),
    /// A token for an account of one's own, or that there is one already.
    Registration(RegistrationId),
    /// To the new address: a token that makes it the account's, or that somebody wanted it who cannot have it.
    EmailChange(EmailChangeId),
    /// To the old address: that there is to be another one, or is, and a token that cancels it.
    EmailChangeNotice(EmailChangeId),
    /// To an address that an administrator took from the account, or gave to it: whether it is the account's now.
    EmailSet(UserId, EmailAddress),
}

/// The kind of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    PasswordReset,
    PasswordChanged,
    RefreshReused,
    Invitation,
    Registration,
    EmailChange,
    EmailChangeNotice,
    EmailSet,
}

impl Letter {
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::PasswordReset(_) => Purpose::PasswordReset,
            Self::PasswordChanged(_) => Purpose::PasswordChanged,
            Self::RefreshReused(_) => Purpose::RefreshReused,
            Self::Invitation(_) => Purpose::Invitation,
            Self::Registration(_) => Purpose::Registration,
            Self::EmailChange(_) => Purpose::EmailChange,
            Self::EmailChangeNotice(_) => Purpose::EmailChangeNotice,
            Self::EmailSet(..) => Purpose::EmailSet,
        }
    }

    /// Whom it is for, unless it is to whoever has an address.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::PasswordReset(_)
            | Self::Registration(_)
            | Self::EmailChange(_)
            | Self::EmailChangeNotice(_) => None,
            Self::PasswordChanged(user)
            | Self::RefreshReused(user)
            | Self::Invitation(user)
            | Self::EmailSet(user, _) => Some(*user),
        }
    }
}

impl Purpose {
    pub const ALL: &[Self] = &[
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::RefreshReused,
        Self::Invitation,
        Self::Registration,
        Self::EmailChange,
        Self::EmailChangeNotice,
        Self::EmailSet,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::RefreshReused => "refresh_reused",
            Self::Invitation => "invitation",
            Self::Registration => "registration",
            Self::EmailChange => "email_change",
            Self::EmailChangeNotice => "email_change_notice",
            Self::EmailSet => "email_set",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}
