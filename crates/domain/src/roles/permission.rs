/// Makes the closed list and, for each permission, a type of the same name, so that a use case
/// can demand it in its signature. One row a permission: its name on the wire and what it allows.
macro_rules! permissions {
    ($($(#[doc = $allows:literal])+ $variant:ident = $name:literal,)+) => {
        /// What a role can grant.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $($(#[doc = $allows])+ $variant,)+
        }

        impl Permission {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in tokens, rows and the document.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it allows, for people.
            #[must_use]
            pub const fn allows(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($allows),+).trim_ascii_start(),)+
                }
            }
        }

        $(
            $(#[doc = $allows])+
            #[derive(Debug, Clone, Copy)]
            pub struct $variant;

            impl Required for $variant {
                const PERMISSION: Permission = Permission::$variant;
            }
        )+
    };
}

permissions! {
    /// See every account.
    UsersRead = "users:read",
    /// Invite people.
    UsersCreate = "users:create",
    /// Change the name and the address of an account.
    UsersUpdate = "users:update",
    /// Delete an account.
    UsersDelete = "users:delete",
    /// Open and shut accounts.
    UsersActivate = "users:activate",
    /// See where others are signed in, and sign them out.
    UsersSessions = "users:sessions",
    /// See what everybody has done.
    AuditRead = "audit:read",
    /// See which mail was given up.
    DeadLettersRead = "dead_letters:read",
    /// Have mail that was given up sent after all, or delete it.
    DeadLettersManage = "dead_letters:manage",
    /// Ask whether a token is good, and whose it is.
    TokensIntrospect = "tokens:introspect",
    /// See every role, and what there is to grant.
    RolesRead = "roles:read",
    /// Make, change and delete roles.
    RolesManage = "roles:manage",
    /// Give people roles, and take them away.
    RolesAssign = "roles:assign",
    /// See the projects of others.
    ProjectsReadAll = "projects:read_all",
}

/// A permission as a type: what a use case demands.
pub trait Required: Send + Sync + 'static {
    const PERMISSION: Permission;
}

impl Permission {
    /// `None` for a name that this version does not know.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rights(u64);

impl Rights {
    pub const NONE: Self = Self(0);

    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    #[must_use]
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Whether everything that the other set allows is allowed by this one, too.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// What both allow.
    #[must_use]
    pub fn cut_by(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        let all = Permission::ALL.iter().copied();
        all.filter(move |it| self.contains(*it))
    }
}

impl FromIterator<Permission> for Rights {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |set, it| set | bit(it)))
    }
}

/// Everything that one of them allows.
impl FromIterator<Self> for Rights {
    fn from_iter<I: IntoIterator<Item = Self>>(sets: I) -> Self {
        Self(sets.into_iter().fold(0, |all, it| all | it.0))
    }
}

const fn bit(permission: Permission) -> u64 {
    1 << permission as u64
}

/// The set is a word: a sixty-fifth permission needs a wider one.
const _: () = assert!(Permission::ALL.len() <= 64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_its_own_and_finds_its_permission() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.name()), Some(*permission));
        }
        assert_eq!(Permission::parse("users:everything"), None);
    }

    #[test]
    fn more_covers_less_and_not_the_other_way_round() {
        let less = Rights::from_iter([Permission::UsersRead]);
        let more = Rights::from_iter([Permission::UsersRead, Permission::UsersDelete]);

        assert!(more.covers(less));
        assert!(!less.covers(more));
        assert!(less.covers(Rights::NONE));
        assert!(Rights::all().iter().eq(Permission::ALL.iter().copied()));
        assert_eq!(Rights::from_iter([less, more]), more);
    }

    #[test]
    fn what_is_cut_allows_what_both_allow() {
        let one = Rights::from_iter([Permission::UsersRead, Permission::UsersDelete]);
        let other = Rights::from_iter([Permission::UsersRead, Permission::AuditRead]);

        assert!(one.cut_by(other).iter().eq([Permission::UsersRead]));
        assert_eq!(one.cut_by(Rights::all()), one);
        assert_eq!(one.cut_by(Rights::NONE), Rights::NONE);
    }
}
