//! Ashlar's entities and Ashlar's migrations agree; and if they did not, CI would say so.

use infrastructure::schema::{
    ApiKeys, AuditEvents, Credentials, EmailChanges, OneTimeTokens, OutboxMessages, Projects,
    RefreshTokens, Registrations, Revocations, RolePermissions, Roles, Sessions, SignInNetworks,
    SigningKeys, UserRoles,
};
use migrate::extras;
use migration::Migrator;
use sea_orm_autogenerate::{
    Answer, Difference, Entities, Error, Project, Server, Trial, Verification, check,
};
use sea_orm_migration::prelude::*;

use crate::autogenerate::server;

async fn found(entities: Entities) -> Vec<Difference> {
    let found = check::<Migrator>(&server(), &entities, extras).await;
    found.unwrap_or_else(|error| panic!("{error}"))
}

/// All but that of the users.
fn others() -> Entities {
    Entities::new()
        .with(Credentials)
        .with(SignInNetworks)
        .with(Roles)
        .with(RolePermissions)
        .with(UserRoles)
        .with(Sessions)
        .with(RefreshTokens)
        .with(Registrations)
        .with(EmailChanges)
        .with(OneTimeTokens)
        .with(OutboxMessages)
        .with(Revocations)
        .with(SigningKeys)
        .with(AuditEvents)
        .with(Projects)
        .with(ApiKeys)
}

#[tokio::test]
async fn entities_and_migrations_agree() {
    let found = migrate::project().check(&server()).await.unwrap();

    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn every_migration_can_be_taken_back_with_rows_in_the_tables() {
    let verification = Verification::default();
    let verified = migrate::project().verify(&server(), &verification).await;

    let verified = verified.unwrap();
    assert!(verified.holds(), "{verified:#?}");
    let has_rows = |it: &Trial| it.warnings.is_empty();
    assert!(verified.trials.iter().all(has_rows), "{verified:#?}");
}

mod changed {
    use sea_orm::entity::prelude::*;

    /// As the users' is, with a subtitle more, and with a status that may be missing.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_type = "Text", unique)]
        pub email: String,
        #[sea_orm(column_type = "Text")]
        pub display_name: String,
        #[sea_orm(column_type = "Text")]
        pub display_name_folded: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub subtitle: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub status: Option<String>,
        pub version: i64,
        pub token_version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::test]
async fn an_entity_that_was_changed_without_a_migration_is_found() {
    let found = found(others().with(changed::Entity)).await;

    let texts: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        texts,
        [
            "the column users.status is (text, null) by the entities, and (text, not null) by the migrations.",
            "the entities have the column users.subtitle (text, null), and no migration makes it.",
        ]
    );
    let made = found[0].migration.as_deref();
    assert_eq!(made, Some("m20261121_000001_create_users"));
}

struct WithOneMore;

impl MigratorTrait for WithOneMore {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut migrations = Migrator::migrations();
        migrations.push(Box::new(AddSubtitle));
        migrations
    }
}

struct AddSubtitle;

impl MigrationName for AddSubtitle {
    fn name(&self) -> &'static str {
        "m99991231_000001_add_subtitle"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for AddSubtitle {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let subtitle = ColumnDef::new("subtitle").text().to_owned();
        let alter = Table::alter()
            .table("users")
            .add_column(subtitle)
            .to_owned();
        manager.alter_table(alter).await
    }
}

#[tokio::test]
async fn a_migration_without_its_entity_is_found() {
    let found = check::<WithOneMore>(&server(), &migrate::entities(), extras).await;

    let found = found.unwrap();
    let texts: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        texts,
        ["the migrations make the column users.subtitle (text, null), and no entity has it."]
    );
    let made = found[0].migration.as_deref();
    assert_eq!(made, Some("m99991231_000001_add_subtitle"));
}

#[tokio::test]
async fn a_forgotten_entity_is_an_error_and_no_table_to_drop() {
    let entities = others().all_of("ashlar_infrastructure");

    let error = check::<Migrator>(&server(), &entities, extras).await;

    let error = error.unwrap_err();
    assert!(
        matches!(&error, Error::Forgotten(names) if *names == ["ashlar_infrastructure::users::entity"]),
        "{error}"
    );
}

/// As CI runs it.
async fn checked<M: MigratorTrait>(entities: Entities) -> Answer {
    let project = Project::<M>::of(entities, "").extras(extras);
    let mut arguments = vec!["migrate".to_owned(), "check".to_owned()];
    if let Server::Postgres(url) = server() {
        arguments.extend(["--postgres".to_owned(), url]);
    }
    project.answer(arguments).await
}

#[tokio::test]
async fn ci_fails_for_an_entity_without_its_migration() {
    let answer = checked::<Migrator>(others().with(changed::Entity)).await;

    assert_eq!(answer.code, 1, "{answer:?}");
    let words =
        "the entities have the column users.subtitle (text, null), and no migration makes it.";
    assert!(answer.said.contains(words), "{answer:?}");
}

#[tokio::test]
async fn ci_fails_for_a_migration_without_its_entity() {
    let answer = checked::<WithOneMore>(migrate::entities()).await;

    assert_eq!(answer.code, 1, "{answer:?}");
    let words = "the migrations make the column users.subtitle (text, null), and no entity has it.";
    assert!(answer.said.contains(words), "{answer:?}");
}
