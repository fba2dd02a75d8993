//! Roles: their stored form, what the built-in ones grant, and that an administrator remains.

use access::{
    Action, BuiltInRole, Change, FieldRight, FieldRights, LastAdministrator, Object, Permission, Person,
    Role, Scope, an_administrator_remains,
};
use uuid::Uuid;

fn matrix(role: &Role) -> String {
    let mut table = format!("{:16}", "");
    for action in Action::ALL {
        table += &format!("{:10}", action.name());
    }
    for object in Object::ALL {
        table = format!("{}\n{:16}", table.trim_end(), object.name());
        for action in Action::ALL {
            let scope = match role.scope(object, action) {
                _ if !object.knows(action) => "",
                Scope::None => "-",
                scope => scope.name(),
            };
            table += &format!("{scope:10}");
        }
    }
    table.trim_end().to_owned()
}

#[test]
fn the_built_in_roles_grant_what_the_matrix_says() {
    for built_in in BuiltInRole::ALL {
        insta::assert_snapshot!(built_in.key(), matrix(&built_in.role()));
    }
}

#[test]
fn a_restricted_seller_takes_nothing_along() {
    let role = BuiltInRole::RestrictedSeller.role();
    for object in Object::ALL {
        for action in [Action::Export, Action::Bulk, Action::Assign] {
            assert_eq!(role.scope(object, action), Scope::None, "{}", object.name());
        }
        assert!(role.scope(object, Action::Edit) <= Scope::Own, "{}", object.name());
    }
    assert_eq!(role.scope(Object::Lead, Action::Delete), Scope::None);
    assert_eq!(role.field_right(Object::Lead, "annual_revenue"), FieldRight::ReadOnly);
    assert_eq!(role.field_right(Object::Lead, "score"), FieldRight::Hidden);
    assert_eq!(role.field_right(Object::Lead, "company"), FieldRight::Editable);
}

#[test]
fn read_only_changes_no_record() {
    let role = BuiltInRole::ReadOnly.role();
    let own_things = [Object::Session, Object::View];
    for object in Object::ALL.into_iter().filter(|object| !own_things.contains(object)) {
        for action in Action::ALL.into_iter().filter(|&action| action != Action::View) {
            assert_eq!(role.scope(object, action), Scope::None, "{}.{}", object.name(), action.name());
        }
    }
}

#[test]
fn everybody_but_the_administrator_has_only_their_own_sessions_and_tokens() {
    for built_in in BuiltInRole::ALL.into_iter().filter(|role| role.may_be_changed()) {
        for action in Action::ALL {
            assert!(built_in.role().scope(Object::Session, action) <= Scope::Own);
            assert!(built_in.role().scope(Object::Token, action) <= Scope::Own);
        }
        assert_eq!(built_in.role().scope(Object::Session, Action::Delete), Scope::Own);
    }
}

#[test]
fn no_built_in_role_acts_farther_than_it_sees() {
    for built_in in BuiltInRole::ALL {
        let role = built_in.role();
        for object in Object::ALL {
            for &action in object.actions().iter().filter(|&&action| action != Action::Create) {
                let (acts, sees) = (role.scope(object, action), role.scope(object, Action::View));
                assert!(acts <= sees, "{}: {}.{}", built_in.key(), object.name(), action.name());
            }
        }
    }
}

#[test]
fn a_role_is_stored_in_one_stable_form() {
    let mut role = Role::new();
    role.grant(Object::Deal, Action::View, Scope::All).expect("exists");
    role.grant(Object::Lead, Action::Edit, Scope::Own).expect("exists");
    role.grant(Object::Lead, Action::View, Scope::Territory).expect("exists");
    role.grant(Object::Lead, Action::Delete, Scope::All).expect("exists");
    role.grant(Object::Lead, Action::Delete, Scope::None).expect("exists");
    let named = [("score", FieldRight::Hidden), ("company", FieldRight::Editable)];
    let named = named.map(|(field, right)| (field.to_owned(), right)).into();
    role.set_fields(Object::Lead, FieldRights { others: FieldRight::ReadOnly, named });
    let stored = serde_json::to_string(&role).expect("serialises");
    assert_eq!(
        stored,
        r#"{"grants":{"lead":{"view":"territory","edit":"own"},"deal":{"view":"all"}},"fields":{"lead":{"*":"read_only","company":"editable","score":"hidden"}}}"#
    );
    assert_eq!(serde_json::from_str::<Role>(&stored).expect("loads"), role);
}

#[test]
fn every_built_in_role_survives_being_stored() {
    for built_in in BuiltInRole::ALL {
        let stored = serde_json::to_string(&built_in.role()).expect("serialises");
        assert_eq!(serde_json::from_str::<Role>(&stored).expect("loads"), built_in.role());
        assert_eq!(BuiltInRole::find(built_in.key()), Some(built_in));
    }
    assert_eq!(serde_json::from_str::<Role>("{}").expect("loads"), Role::new());
}

#[test]
fn what_a_role_cannot_grant_is_refused_by_name() {
    let cases = [
        (r#"{"grants":{"ship":{"view":"all"}}}"#, "unknown variant `ship`"),
        (r#"{"grants":{"lead":{"fly":"all"}}}"#, "unknown variant `fly`"),
        (r#"{"grants":{"lead":{"view":"some"}}}"#, "unknown variant `some`"),
        (r#"{"fields":{"lead":{"score":"secret"}}}"#, "unknown variant `secret`"),
        (r#"{"rights":{}}"#, "unknown field `rights`"),
        (
            r#"{"grants":{"session":{"export":"own"}}}"#,
            "session.export does not exist; session knows view, delete",
        ),
        (
            r#"{"grants":{"settings":{"edit":"territory"}}}"#,
            r#"settings.edit cannot reach as far as "territory"; settings knows none, all"#,
        ),
    ];
    for (stored, fault) in cases {
        let said = serde_json::from_str::<Role>(stored).expect_err(stored).to_string();
        assert!(said.contains(fault), "{stored}: {said}");
    }
}

#[test]
fn names_of_objects_and_actions_are_their_json_names() {
    for object in Object::ALL {
        assert_eq!(serde_json::to_value(object).unwrap(), object.name());
        for &action in object.actions() {
            assert_eq!(serde_json::to_value(action).unwrap(), action.name());
            let permission = Permission::To(object, action);
            assert_eq!(permission.to_string(), format!("{}.{}", object.name(), action.name()));
            assert_eq!(permission.to_string().parse(), Ok(permission));
        }
    }
    assert_eq!("anyone".parse(), Ok(Permission::Anyone));
    assert_eq!("signed_in".parse(), Ok(Permission::SignedIn));
    let wrong = "session.export".parse::<Permission>().expect_err("does not exist");
    assert_eq!(
        wrong.to_string(),
        r#""session.export" is no permission; write object and act, like lead.view"#
    );
}

#[test]
fn the_words_are_those_of_the_glossary() {
    let roles = BuiltInRole::ALL.map(|role| role.words().de);
    assert_eq!(
        roles,
        ["Administration", "Vertriebsleitung", "Verkauf", "Verkauf (eingeschränkt)", "Nur lesen"]
    );
    assert_eq!(Scope::ALL.map(|scope| scope.words().de), ["keine", "eigene", "Gebiet", "alle"]);
    assert_eq!(FieldRight::ALL.map(|right| right.words().de), ["verborgen", "nur lesen", "bearbeitbar"]);
    assert_eq!(Object::Account.words().de, "Firmen");
}

fn person(user: u128, role: BuiltInRole, is_active: bool) -> Person {
    Person { user: Uuid::from_u128(user), is_active, role: Some(role) }
}

#[test]
fn at_least_one_active_administrator_remains() {
    let admin = BuiltInRole::Administrator;
    let (first, second, seller) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(4));
    let people = [
        person(1, admin, true),
        person(2, admin, true),
        person(3, admin, false),
        person(4, BuiltInRole::Seller, true),
    ];
    let refused = Err(LastAdministrator);
    let cases: [(&[Change], Result<(), LastAdministrator>); 8] = [
        (&[], Ok(())),
        (&[Change::Deactivate(first)], Ok(())),
        (&[Change::Deactivate(first), Change::Delete(second)], refused),
        (&[Change::GiveRole(first, Some(BuiltInRole::ReadOnly)), Change::GiveRole(second, None)], refused),
        (&[Change::Delete(first), Change::Delete(second), Change::GiveRole(seller, Some(admin))], Ok(())),
        (&[Change::Delete(seller)], Ok(())),
        (&[Change::Deactivate(first), Change::Delete(first)], Ok(())),
        (&[Change::Delete(first), Change::GiveRole(second, Some(admin))], Ok(())),
    ];
    for (changes, expected) in cases {
        assert_eq!(an_administrator_remains(&people, changes), expected, "{changes:?}");
    }
    assert_eq!(
        an_administrator_remains(&people[2..], &[Change::Delete(seller)]),
        Ok(()),
        "none there already"
    );
}
