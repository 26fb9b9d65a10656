//! The list of what is held of people, against the schema of both databases: nothing new goes unlisted.

use std::collections::{BTreeMap, BTreeSet};

use api::domain::privacy::inventory::{HELD, IMPERSONAL};
use tests::database::TestDatabase;
use tests::on_both_databases;

use crate::catalog;

/// What a row has to refer to, to be about a person.
const PERSONAL: [&str; 4] = ["account", "volunteer", "session", "pairing"];

on_both_databases! {
    async fn every_table_is_said_to_hold_something_of_a_person_or_nothing(backend) {
        let database = TestDatabase::new(backend).await;
        let held: BTreeSet<String> = HELD.iter().map(|held| held.table.to_owned()).collect();
        let impersonal: BTreeSet<String> = IMPERSONAL.iter().map(|(table, _)| (*table).to_owned()).collect();
        assert_eq!(held.intersection(&impersonal).count(), 0);
        let listed: BTreeSet<String> = held.union(&impersonal).cloned().collect();
        assert_eq!(catalog::tables(&database.connection).await, listed);
    }

    async fn whatever_leads_to_a_person_is_in_the_list(backend) {
        let database = TestDatabase::new(backend).await;
        let references = catalog::references(&database.connection).await;
        let leading = references.iter().filter(|(_, to)| PERSONAL.contains(&to.as_str()));
        let mut count = 0;
        for (table, to) in leading {
            count += 1;
            assert!(HELD.iter().any(|held| held.table == table), "{table} refers to {to}");
        }
        assert!(count > 20, "{count}");
    }

    async fn every_column_of_a_listed_table_has_its_line(backend) {
        let database = TestDatabase::new(backend).await;
        let mut lines: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for held in HELD {
            let columns = held.columns.iter().map(|column| column.name.to_owned());
            lines.entry(held.table).or_default().extend(columns);
        }
        for (table, listed) in lines {
            let columns = catalog::columns(&database.connection, table).await;
            assert_eq!(columns.into_keys().collect::<BTreeSet<_>>(), listed, "{table}");
        }
    }
}
