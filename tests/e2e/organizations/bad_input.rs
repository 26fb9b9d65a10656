//! What organizations and lists of them refuse, on both sides of each limit.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::listing::{
    create_organization, mutation, organization_input, vetted_organization, with,
};
use tests::on_both_databases;

on_both_databases! {
    async fn each_wrong_field_is_told_and_nothing_is_stored(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let document = mutation("createOrganization", "organization { id }");
        let cases = [
            (json!({ "name": " " }), "REQUIRED name"),
            (json!({ "name": "x".repeat(121) }), "TOO_LONG name"),
            (json!({ "name": "NUL\u{0}" }), "INVALID name"),
            (json!({ "charityNumber": "123456782RR001" }), "INVALID charityNumber"),
            (json!({ "charityNumber": "123456789RR0001" }), "INVALID charityNumber"),
            (json!({ "website": "javascript:alert(1)" }), "INVALID website"),
            (json!({ "province": "XX" }), "UNKNOWN province"),
            (json!({ "description": { "fr": "Des cartes." } }), "REQUIRED description.en"),
            (json!({ "description": { "en": "x".repeat(4001) } }), "TOO_LONG description.en"),
        ];
        for (change, expected) in cases {
            let input = with(&organization_input("Maps"), &change);
            let errors = owner.user_errors(&document, json!({ "input": input })).await;
            assert_eq!(errors, [expected], "{change}");
        }
        let limits = json!({
            "name": "x".repeat(120), "charityNumber": "123456782 rr 0001", "province": "qc",
            "description": { "en": "x".repeat(4000) },
        });
        let input = with(&organization_input("Maps"), &limits);
        owner.mutate(&document, json!({ "input": input })).await;
        let mine = owner.query("{ viewer { memberships { role organization { charityNumber province } } } }", json!({})).await;
        assert_eq!(mine["viewer"]["memberships"], json!([
            { "role": "OWNER", "organization": { "charityNumber": "123456782RR0001", "province": "QC" } },
        ]));
    }

    async fn a_second_organization_of_a_name_or_number_is_refused_with_the_way_to_join(backend) {
        let app = TestApp::new(backend).await;
        let (owner, other) = (app.sign_up("Ada", "en").await, app.sign_up("Bo", "fr").await);
        let document = mutation("createOrganization", "organization { slug }");
        let number = json!({ "charityNumber": "123456782RR0001" });
        let first = with(&organization_input("Café des Cartes"), &number);
        owner.mutate(&document, json!({ "input": first })).await;
        let same_name = json!({ "input": organization_input("CAFE des cartes") });
        let refused = other.try_mutate(&document, same_name).await;
        let error = &refused["userErrors"][0];
        assert_eq!((error["code"].as_str(), error["field"][0].as_str()), (Some("TAKEN"), Some("name")));
        assert!(error["message"].as_str().unwrap().contains("cafe-des-cartes"), "{error}");
        let same_number = with(&organization_input("Something else"), &number);
        let errors = other.user_errors(&document, json!({ "input": same_number })).await;
        assert_eq!(errors, ["TAKEN charityNumber"]);
    }

    async fn pages_have_1_to_100_items_and_cursors_belong_to_their_list(backend) {
        let app = TestApp::new(backend).await;
        let owner = app.sign_up("Ada", "en").await;
        let coordinator = app.coordinator().await;
        for name in ["Écoles", "Arbres", "ecologie"] {
            vetted_organization(&owner, &coordinator, name).await;
        }
        create_organization(&owner, "Brouillon").await;
        let public = app.client();
        let list = |arguments: &str| format!("{{ organizations({arguments}) {{ edges {{ cursor node {{ name }} }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}");
        for arguments in ["first: 0", "first: 101", "last: 0", "first: 1, last: 1", "after: \"nonsense\""] {
            assert_eq!(public.error_code(&list(arguments), json!({})).await, "INVALID_ARGUMENT", "{arguments}");
        }
        let names = |page: &Value| -> Vec<String> {
            let edges = page["organizations"]["edges"].as_array().unwrap();
            edges.iter().map(|edge| edge["node"]["name"].as_str().unwrap().to_owned()).collect()
        };
        let all = public.query(&list("first: 100"), json!({})).await;
        assert_eq!(names(&all), ["Arbres", "Écoles", "ecologie"]);
        let cursor = all["organizations"]["edges"][0]["cursor"].as_str().unwrap();
        let next = public.query(&list(&format!("first: 1, after: \"{cursor}\"")), json!({})).await;
        assert_eq!(names(&next), ["Écoles"]);
        assert_eq!(next["organizations"]["pageInfo"], json!({ "hasNextPage": true, "hasPreviousPage": true }));
        let back = public.query(&list("last: 2"), json!({})).await;
        assert_eq!(names(&back), ["Écoles", "ecologie"]);
        let foreign = list(&format!("orderBy: LONGEST_WAITING, after: \"{cursor}\""));
        assert_eq!(public.error_code(&foreign, json!({})).await, "INVALID_ARGUMENT");
        let found = public.query("{ organizations(filter: { text: \"ÉCO\" }) { totalCount } }", json!({})).await;
        assert_eq!(found["organizations"]["totalCount"], 2);
    }
}
