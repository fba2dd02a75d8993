//! Servers that are wrong on purpose, one lock, check or bond missing each: the proofs have to notice, and
//! to say what is wrong. `docs/operate/proofs.md` has the table.

use testkit::Kind;

use crate::stage::{Stage, mutant};
use crate::{changes, crash, history, live, retry, rights, servers};

/// Makes tests of every line, `name::on_sqlite` and `name::on_postgres` as far as it names them: what is wrong, what
/// the proof says, the proof.
macro_rules! mutants {
    ($($name:ident $([$test:ident $kind:ident])+: $wrong:literal says $says:literal in $proof:expr;)+) => {
        $(mod $name {
            use super::*;

            $(#[test]
            fn $test() {
                mutant(Kind::$kind, $wrong, $says, $proof);
            })+
        })+
    };
}

mutants! {
    a_turn_that_is_committed_before_its_lead_is_noticed [on_sqlite Sqlite] [on_postgres Postgres]:
        "mutant: commit before insert lead=return" says "the rotation stands at" in crash::abort_everywhere;
    a_key_that_is_kept_in_another_transaction_is_noticed [on_sqlite Sqlite] [on_postgres Postgres]:
        "mutant: commit before insert answer=return" says "a retry made one more" in crash::abort_everywhere;
    a_queue_that_is_handed_out_by_halves_is_noticed [on_sqlite Sqlite] [on_postgres Postgres]:
        "mutant: commit before update lead=return" says "the rotation stands at" in crash::abort_in_the_queue;
    an_answer_before_the_commit_is_noticed [on_sqlite Sqlite] [on_postgres Postgres]:
        "mutant: answers come before the commit=return;commit with insert lead=sleep(30)"
        says "is lost" in crash::kill_under_load;
    a_change_that_forgets_its_bond_with_the_audit_log_is_noticed [on_sqlite Sqlite] [on_postgres Postgres]:
        "mutant: commit before insert audit=return" says "is there in part" in changes::cut_off_everywhere;
    a_forgotten_key_is_noticed [on_sqlite Sqlite] [on_postgres Postgres]:
        "mutant: keys are not kept=return" says "retries made more than one lead each" in retry::lose_answers;
    a_rotation_without_its_lock_is_noticed [on_postgres Postgres]:
        "mutant: rows are not locked=return" says "409 Conflict" in evenly;
    credits_that_are_forgotten_are_noticed [on_postgres Postgres]:
        "mutant: credits are forgotten between batches=return" says "of weight" in evenly;
    a_frozen_server_that_is_waited_for_is_noticed [on_postgres Postgres]:
        "mutant: a frozen session is never ended=return" says "holds the territory's row" in servers::freeze;
    a_rule_book_whose_version_nobody_checks_is_noticed [on_postgres Postgres]:
        "mutant: the book's version is not checked=return" says "by rules that are gone" in servers::change_rules;
    a_rule_book_that_is_not_held_until_the_commit_is_noticed [on_postgres Postgres]:
        "mutant: shared rows are not locked=return"
        says "every lead's owner has access" in rights::take_access_often;
    leads_that_overtake_a_change_of_access_are_noticed [on_postgres Postgres]:
        "mutant: nobody waits in line=return" says "leads overtook change" in rights::take_access_often;
    reads_of_several_moments_are_noticed [on_sqlite Sqlite] [on_postgres Postgres]:
        "mutant: every statement reads its own moment=return"
        says "told of no committed state" in history::read_while_servers_die;
    events_that_are_read_from_the_last_one_on_are_noticed [on_postgres Postgres]:
        "mutant: events are read from the last one on=return"
        says "nobody told of the late lead" in live::hear_everything;
}

async fn evenly(stage: Stage) {
    servers::hand_out(stage, &[1, 1, 45, 1, 3, 2, 45, 3], 10).await;
}
