use uuid::Uuid;

use crate::{Cause, Origin};

/// The proof that the system acts by itself, and why. What asks for it is not to be had with any
/// permission: only from the machine.
#[derive(Debug)]
pub struct System {
    origin: Origin,
}

/// Why the system acts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemReason {
    /// Somebody with access to the machine typed a command.
    CommandLine,
    /// A development server makes its first administrator.
    FirstStart,
    /// A server clears away what nobody needs any more.
    Upkeep,
}

impl SystemReason {
    pub const ALL: &[Self] = &[Self::CommandLine, Self::FirstStart, Self::Upkeep];

    /// The name in rows and in the document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommandLine => "command_line",
            Self::FirstStart => "first_start",
            Self::Upkeep => "upkeep",
        }
    }

    /// `None` for a name that this version does not know.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}

impl System {
    /// `id` stands for a request's id in what is written down.
    #[must_use]
    pub fn acting(id: Uuid, reason: SystemReason) -> Self {
        Self {
            origin: Origin {
                request_id: id,
                client: None,
                cause: Cause::System(reason),
            },
        }
    }

    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}
