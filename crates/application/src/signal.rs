use domain::revocations::Revocation;
use domain::users::UserId;

/// Something that this process should know once it is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Whatever the user was signed in with is void.
    SessionsEnded(UserId),
    /// Tokens are void, or grant something else. The stores say so themselves.
    Revoked(Revocation),
}

/// Hears signals, after the commit and never without one.
pub trait SignalListener: Send + Sync {
    fn heard(&self, signal: Signal);
}
