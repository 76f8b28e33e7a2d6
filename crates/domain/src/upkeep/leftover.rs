/// Makes the closed list. One row a kind: its name in the log and in `docs/retention.md`, and what it is.
macro_rules! leftovers {
    ($($(#[doc = $what:literal])+ $variant:ident = $name:literal;)+) => {
        /// A kind of rows that nobody needs any more, some time after they have done their work. How long each is kept, and
        /// why, says `docs/retention.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Leftover {
            $($(#[doc = $what])+ $variant,)+
        }

        impl Leftover {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

leftovers! {
    /// Sessions that were ended, or have expired, with their refresh tokens. Those of a session that goes on stay, spent ones
    /// too: one that comes a second time tells of a thief.
    Sessions = "sessions";
    /// One-time tokens that have expired.
    OneTimeTokens = "one_time_tokens";
    /// What no access token can be left for that it would make void.
    Revocations = "revocations";
    /// API keys that have expired.
    ApiKeys = "api_keys";
    /// Networks from which somebody has not signed in for long.
    SignInNetworks = "sign_in_networks";
    /// Registrations that nobody has confirmed, with their tokens.
    Registrations = "registrations";
    /// Changes of an address that nobody can confirm or take back any more.
    EmailChanges = "email_changes";
    /// Mail that was given up.
    DeadLetters = "dead_letters";
    /// What was done, a long time ago.
    AuditEvents = "audit_events";
}
