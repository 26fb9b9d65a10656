//! Joining, roles, leaving.

use serde_json::json;
use tests::app::TestApp;
use tests::listing::{create_organization, mutation};
use tests::on_both_databases;

on_both_databases! {
    async fn a_person_asks_to_join_is_let_in_and_the_last_owner_hands_over_first(backend) {
        let app = TestApp::new(backend).await;
        let (owner, other) = (app.sign_up("Ada", "en").await, app.sign_up("Bo", "fr").await);
        let organization = create_organization(&owner, "Maps").await;
        let request = mutation("requestMembership", "membership { id state organization { id } }");
        let slug = json!({ "input": { "slug": "maps" } });
        let asked = other.mutate(&request, slug.clone()).await;
        assert_eq!(asked["membership"]["state"], "REQUESTED");
        assert!(asked["membership"]["organization"].is_null(), "a request opens nothing");
        assert_eq!(other.mutate(&request, slug.clone()).await, asked, "asking twice is asking once");
        assert_eq!(owner.user_errors(&request, slug).await, ["ALREADY_EXISTS slug"]);
        let unknown = json!({ "input": { "slug": "no-such" } });
        assert_eq!(other.user_errors(&request, unknown).await, ["UNKNOWN slug"]);

        let answer = mutation("answerMembership", "membership { role state }");
        let yes = json!({ "input": { "membershipId": asked["membership"]["id"], "isApproved": true, "role": "MANAGER" } });
        assert_eq!(other.error_code(&answer, yes.clone()).await, "NOT_FOUND");
        let joined = owner.mutate(&answer, yes.clone()).await;
        assert_eq!(joined["membership"], json!({ "role": "MANAGER", "state": "ACTIVE" }));
        assert_eq!(owner.user_errors(&answer, yes).await, ["WRONG_STATE membershipId"]);

        let members = "query($id: ID!) { organization(id: $id) { memberships { id givenName role account { id } } } }";
        let listed = other.query(members, json!({ "id": organization["id"] })).await;
        let listed = &listed["organization"]["memberships"];
        assert_eq!((listed[0]["givenName"].as_str(), listed[1]["givenName"].as_str()), (Some("Ada"), Some("Bo")));
        assert!(listed[0]["account"].is_null() && !listed[1]["account"].is_null());

        let set_role = mutation("setMemberRole", "membership { role }");
        let role = |index: usize, role: &str| json!({ "input": { "membershipId": listed[index]["id"], "role": role } });
        assert_eq!(other.error_code(&set_role, role(0, "MEMBER")).await, "FORBIDDEN");
        assert_eq!(owner.user_errors(&set_role, role(0, "MEMBER")).await, ["WRONG_STATE role"]);
        let remove = mutation("removeMember", "removedMembershipId");
        let leave = json!({ "input": { "membershipId": listed[0]["id"] } });
        assert_eq!(owner.user_errors(&remove, leave.clone()).await, ["WRONG_STATE membershipId"]);
        owner.mutate(&set_role, role(1, "OWNER")).await;
        owner.mutate(&remove, leave.clone()).await;
        assert_eq!(owner.error_code(&remove, leave).await, "NOT_FOUND");
        assert!(owner.query(members, json!({ "id": organization["id"] })).await["organization"].is_null());
    }

    async fn an_administrator_helps_others_and_does_not_raise_oneself(backend) {
        let app = TestApp::new(backend).await;
        let (owner, admin) = (app.sign_up("Ada", "en").await, app.admin().await);
        create_organization(&owner, "Maps").await;
        let request = mutation("requestMembership", "membership { id }");
        let asked = admin.mutate(&request, json!({ "input": { "slug": "maps" } })).await;
        let id = asked["membership"]["id"].clone();
        let answer = mutation("answerMembership", "membership { id }");
        owner.mutate(&answer, json!({ "input": { "membershipId": id, "isApproved": true, "role": "MEMBER" } })).await;
        let set_role = mutation("setMemberRole", "membership { role }");
        let raise = json!({ "input": { "membershipId": id, "role": "OWNER" } });
        assert_eq!(admin.error_code(&set_role, raise.clone()).await, "FORBIDDEN");
        let mine = admin.query("{ viewer { memberships { role } } }", json!({})).await;
        assert_eq!(mine["viewer"]["memberships"][0]["role"], "MEMBER");
        assert_eq!(owner.mutate(&set_role, raise).await["membership"]["role"], "OWNER");
    }

    async fn a_refused_request_is_gone_and_strangers_learn_nothing_of_memberships(backend) {
        let app = TestApp::new(backend).await;
        let (owner, other) = (app.sign_up("Ada", "en").await, app.sign_up("Bo", "fr").await);
        create_organization(&owner, "Maps").await;
        let request = mutation("requestMembership", "membership { id }");
        let asked = other.mutate(&request, json!({ "input": { "slug": "maps" } })).await;
        let answer = mutation("answerMembership", "membership { id }");
        let no = json!({ "input": { "membershipId": asked["membership"]["id"], "isApproved": false } });
        let stranger = app.sign_up("Eve", "en").await;
        assert_eq!(stranger.error_code(&answer, no.clone()).await, "NOT_FOUND");
        assert!(owner.mutate(&answer, no.clone()).await["membership"].is_null());
        assert_eq!(owner.error_code(&answer, no).await, "NOT_FOUND");
        let mine = other.query("{ viewer { memberships { id } } }", json!({})).await;
        assert_eq!(mine["viewer"]["memberships"], json!([]));
    }
}
