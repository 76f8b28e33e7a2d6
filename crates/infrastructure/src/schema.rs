//! The tables as SeaORM sees them, for `cargo migrate` alone: whoever wants rows asks a repository.

pub use crate::api_keys::entity::Entity as ApiKeys;
pub use crate::audit::entity::Entity as AuditEvents;
pub use crate::credentials::entity::Entity as Credentials;
pub use crate::credentials::network_entity::Entity as SignInNetworks;
pub use crate::email_changes::entity::Entity as EmailChanges;
pub use crate::one_time_tokens::entity::Entity as OneTimeTokens;
pub use crate::outbox::entity::Entity as OutboxMessages;
pub use crate::projects::entity::Entity as Projects;
pub use crate::registrations::entity::Entity as Registrations;
pub use crate::revocations::entity::Entity as Revocations;
pub use crate::roles::entity::Entity as Roles;
pub use crate::roles::holder_entity::Entity as UserRoles;
pub use crate::roles::permission_entity::Entity as RolePermissions;
pub use crate::sessions::entity::Entity as Sessions;
pub use crate::sessions::refresh_token_entity::Entity as RefreshTokens;
pub use crate::signing_keys::entity::Entity as SigningKeys;
pub use crate::users::entity::Entity as Users;
