//! Short versions of the drills of `make drill`, over the program as it was built.

use std::time::Duration;

use futures_util::future::join_all;
use tests::database::Backend::{self, Postgres, Sqlite};
use tests::drill::database_outage::End;
use tests::drill::{
    Figure, clock_jump, database_outage, full_disk, hanging_domain, mail_faults, mail_under_kill,
    offers, relay_outage, server_under_kill, two_nodes,
};
use tests::on_both_databases;

fn are_met(figures: &[Figure]) {
    let missed: Vec<_> = figures
        .iter()
        .filter(|figure| !figure.is_met())
        .map(ToString::to_string)
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// Runs a drill that mostly waits, for leases and time limits, on both databases at once.
async fn on_both<F: Future<Output = Vec<Figure>>>(drill: impl Fn(Backend) -> F) {
    for figures in join_all([Sqlite, Postgres].map(drill)).await {
        are_met(&figures);
    }
}

#[tokio::test]
async fn workers_that_are_killed_and_relays_that_misbehave_lose_no_mail() {
    tokio::join!(
        on_both(|backend| mail_under_kill::run(backend, 500, 10)),
        on_both(|backend| mail_faults::run(backend, 100)),
        on_both(|backend| relay_outage::run(backend, 10)),
    );
}

on_both_databases! {
    async fn a_domain_that_hangs_holds_up_no_other(backend) {
        // How much it does is for `make drill` to say: other tests run beside this one.
        let figures = hanging_domain::run(backend, 1, 4).await;
        are_met(&figures[..1]);
    }

    async fn a_server_that_is_killed_keeps_what_it_said_was_done(backend) {
        are_met(&server_under_kill::run(backend, 5).await);
    }

    async fn two_servers_give_away_a_seat_once(backend) {
        are_met(&two_nodes::run(backend, 6, 10).await);
    }

    async fn a_clock_that_jumps_sends_no_mail_twice_and_shifts_no_window(backend) {
        are_met(&clock_jump::run(backend, 1).await);
    }
}

/// Requests a second: as many as the program takes easily without optimisation, beside other tests.
const A_SECOND: u32 = 10;

#[tokio::test]
async fn postgresql_may_be_restarted_under_a_server() {
    are_met(&database_outage::restarts(2, A_SECOND).await);
}

#[tokio::test]
async fn postgresql_may_fall_silent_under_a_server() {
    are_met(&database_outage::silence(Duration::from_secs(8), End::Speaks, A_SECOND).await);
}

#[tokio::test]
async fn another_postgresql_may_take_the_place_of_one_that_fell_silent() {
    are_met(&database_outage::silence(Duration::from_secs(8), End::FailsOver, A_SECOND).await);
}

#[tokio::test]
async fn whoever_is_held_up_twice_waits_no_longer_than_once() {
    are_met(&database_outage::locks().await);
}

/// `make test` leaves these out for whoever is not root, and says so: Postfix cannot be started, nor a small disk mounted.
mod as_root {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_refuses_writes_and_loses_none() {
        are_met(&full_disk::run(2).await);
    }

    on_both_databases! {
        async fn postfix_takes_an_offer_by_tls_and_its_report_suppresses_an_address(backend) {
            are_met(&offers::by_postfix(backend).await);
        }
    }
}
