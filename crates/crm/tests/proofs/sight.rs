//! What a viewer's SQL selects is what the viewer may see: net 5 of the access design.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::{Action, Membership, Object, Role, Scope, Task, Tie, Viewer};
use crm::Error;
use crm::records::lead::store::{collaborator, known, lead};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use store::Sight;
use testkit::Site;
use uuid::Uuid;

use crate::chance::{Chance, rounds};

testkit::on_both_databases!(a_list_is_what_its_viewer_may_see);

const WORKSPACE: Uuid = Uuid::from_u128(1);
/// Holds the same ids; nothing of it may ever be seen.
const TWIN: Uuid = Uuid::from_u128(2);
const LEADS: usize = 120;
const VIEWERS: usize = 150;
const TERRITORIES: usize = 5;
const USERS: usize = 4;
const ACTIONS: [Action; 4] = [Action::View, Action::Edit, Action::Delete, Action::Assign];

struct Record {
    id: Uuid,
    tie: Tie,
}

async fn a_list_is_what_its_viewer_may_see(site: Site) {
    let mut chance = Chance::new(21);
    let records: Vec<Record> = (0..LEADS).map(|number| record(&mut chance, number)).collect();
    write(&site, WORKSPACE, &records).await;
    // In the twin everybody owns what belongs to nobody here.
    let twins: Vec<Record> =
        records.iter().map(|record| Record { id: record.id, tie: turned(&record.tie) }).collect();
    write(&site, TWIN, &twins).await;
    let (mut partial, mut mutants) = (0, 0);
    for _ in 0..rounds(VIEWERS) {
        let viewer = Arc::new(viewer(&mut chance));
        for action in ACTIONS {
            let expected = within(&records, |tie| viewer.can(Object::Lead, action, tie));
            let (ids, count) = selected(&site, &viewer, action).await;
            assert_eq!(ids, expected, "{action:?} of {viewer:?}");
            assert_eq!(count, expected.len() as u64, "{action:?} of {viewer:?}");
            partial += usize::from(!expected.is_empty() && expected.len() < LEADS);
            let without_sharing = |tie: &Tie| {
                viewer.can(Object::Lead, action, &Tie { collaborators: Vec::new(), ..tie.clone() })
            };
            mutants += usize::from(within(&records, without_sharing) != ids);
        }
        let visible = within(&records, |tie| viewer.can_see(Object::Lead, tie));
        assert_eq!(of_leads(&site, &viewer).await, visible, "what belongs to leads, for {viewer:?}");
        let editable = within(&records, |tie| viewer.can(Object::Lead, Action::Edit, tie)).len() as u64;
        assert_eq!(touched(&site, &viewer).await, editable, "changes by {viewer:?}");
    }
    assert!(partial > VIEWERS, "only {partial} lists were a part");
    assert!(mutants > 0, "nobody would notice that shared leads are forgotten");
}

fn territory(number: usize) -> Uuid {
    Uuid::from_u128(100 + number as u128)
}

fn user(number: usize) -> Uuid {
    Uuid::from_u128(200 + number as u128)
}

fn record(chance: &mut Chance, number: usize) -> Record {
    let mut collaborators = Vec::new();
    for who in 0..USERS {
        if chance.one_in(6) {
            collaborators.push(user(who));
        }
    }
    let tie = Tie {
        territory: (!chance.one_in(5)).then(|| territory(chance.below(TERRITORIES))),
        owner: (!chance.one_in(5)).then(|| user(chance.below(USERS))),
        collaborators,
    };
    Record { id: Uuid::from_u128(1_000 + number as u128), tie }
}

fn turned(tie: &Tie) -> Tie {
    let others = (0..USERS).map(user).filter(|user| !tie.is_of(*user)).collect();
    Tie { territory: tie.territory, owner: Some(user(0)), collaborators: others }
}

fn viewer(chance: &mut Chance) -> Viewer {
    let mut memberships = Vec::new();
    for number in 0..TERRITORIES {
        if chance.one_in(2) {
            memberships.push(Membership {
                territory: territory(number),
                has_access: !chance.one_in(3),
                role: chance.one_in(3).then(|| Arc::new(role(chance))),
                includes_children: false,
            });
        }
    }
    let role = Arc::new(role(chance));
    Viewer::new(user(chance.below(USERS)), WORKSPACE, role, memberships)
}

fn role(chance: &mut Chance) -> Role {
    let mut role = Role::new();
    let scopes = [Scope::None, Scope::Own, Scope::Territory, Scope::All];
    for action in ACTIONS {
        let scope = scopes[chance.below(scopes.len())];
        role.grant(Object::Lead, action, scope).expect("leads know these acts and scopes");
    }
    role
}

fn within(records: &[Record], may: impl Fn(&Tie) -> bool) -> BTreeSet<Uuid> {
    records.iter().filter(|record| may(&record.tie)).map(|record| record.id).collect()
}

async fn write(site: &Site, workspace: Uuid, records: &[Record]) {
    let leads: Vec<lead::ActiveModel> = records.iter().map(row).collect();
    let shared: Vec<collaborator::ActiveModel> = records
        .iter()
        .flat_map(|record| record.tie.collaborators.iter().map(|&user| (record.id, user)))
        .map(|(lead, user)| collaborator::ActiveModel {
            workspace_id: NotSet,
            lead_id: Set(lead),
            user_id: Set(user),
        })
        .collect();
    let keys: Vec<known::ActiveModel> = records
        .iter()
        .map(|record| known::ActiveModel { workspace_id: NotSet, key: Set(7), lead_id: Set(record.id) })
        .collect();
    let work = site.app.db.write(workspace, Sight::Task(Task::Import), |tx| {
        let (leads, shared, keys) = (leads.clone(), shared.clone(), keys.clone());
        async move {
            tx.insert(leads).await?;
            tx.insert(shared).await?;
            Ok::<_, Error>(tx.insert(keys).await?)
        }
    });
    work.await.expect("the records are written");
}

fn row(record: &Record) -> lead::ActiveModel {
    lead::ActiveModel {
        id: Set(record.id),
        version: Set(1),
        created_at: Set(1),
        updated_at: Set(1),
        door: Set("api".to_owned()),
        territory_id: Set(record.tie.territory),
        owner_id: Set(record.tie.owner),
        is_pinned: Set(false),
        custom: Set("{}".to_owned()),
        custom_key: Set("{}".to_owned()),
        derived: Set("[]".to_owned()),
        repairs: Set("[]".to_owned()),
        ..Default::default()
    }
}

async fn selected(site: &Site, viewer: &Arc<Viewer>, action: Action) -> (BTreeSet<Uuid>, u64) {
    let sight = Sight::Viewer(Arc::clone(viewer));
    let read = site.app.db.read(WORKSPACE, sight, |tx| async move {
        let rows = tx.select_for::<lead::Entity>(action).all().await?;
        let count = tx.select_for::<lead::Entity>(action).count().await?;
        assert_eq!(tx.select_for::<lead::Entity>(action).count_up_to(1_000).await?, count);
        assert_eq!(rows.len() as u64, count, "no row comes twice");
        Ok::<_, Error>((rows.into_iter().map(|row| row.id).collect(), count))
    });
    read.await.expect("it is read")
}

async fn of_leads(site: &Site, viewer: &Arc<Viewer>) -> BTreeSet<Uuid> {
    let sight = Sight::Viewer(Arc::clone(viewer));
    let read = site.app.db.read(WORKSPACE, sight, |tx| async move {
        let rows = tx.select::<known::Entity>().all().await?;
        Ok::<_, Error>(rows.into_iter().map(|row| row.lead_id).collect())
    });
    read.await.expect("it is read")
}

async fn touched(site: &Site, viewer: &Arc<Viewer>) -> u64 {
    let sight = Sight::Viewer(Arc::clone(viewer));
    let write = site.app.db.write(WORKSPACE, sight, |tx| async move {
        let update = tx.update::<lead::Entity>(Action::Edit).set(lead::Column::Version, Expr::val(2));
        Ok::<_, Error>(update.run().await?)
    });
    write.await.expect("it is written")
}
