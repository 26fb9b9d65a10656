//! Whoever runs the marketplace: a passkey is a second factor, and a password alone gets neither past it nor another beside it.

use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;
use tests::passkey::Device;

use super::*;
use crate::last_mail;

const COORDINATOR: &str = "coordinator@example.org";
const ENROLL_APP: &str = "mutation($password: String!) {
    enrollSecondFactor(input: { password: $password }) { secret userErrors { code message field } }
}";
const RESET_FACTOR: &str = "mutation($id: ID!) {
    resetSecondFactor(input: { accountId: $id }) { account { email } userErrors { code message field } }
}";
const REQUIRED: [(&str, &str); 1] = [("STAFF_SECOND_FACTOR", "required")];

on_both_databases! {
    async fn a_passkey_is_a_second_factor(backend) {
        let app = TestApp::with_settings(backend, &REQUIRED).await;
        let coordinator = app.coordinator().await;
        assert_eq!(standing(&coordinator).await, "TO_ENROLL");
        let mut own = Device::default().enroll(&coordinator, "phone").await;
        assert_eq!(standing(&coordinator).await, "PROVEN", "the device verified its user");
        assert_eq!(standing(&log_in(&app, &mut own).await).await, "PROVEN");

        let by_password = app.log_in(COORDINATOR).await;
        assert_eq!(standing(&by_password).await, "TO_PROVE");
        for document in [BEGIN, ENROLL_APP] {
            assert_eq!(by_password.error_code(document, password()).await, "SECOND_FACTOR_REQUIRED");
        }
        let removal = json!({ "id": passkeys(&by_password).await[0]["id"], "password": PASSWORD });
        assert_eq!(by_password.error_code(REMOVE, removal.clone()).await, "SECOND_FACTOR_REQUIRED");
        let by_passkey = log_in(&app, &mut own).await;
        by_passkey.mutate(ENROLL_APP, password()).await;
        by_passkey.mutate(REMOVE, removal).await;
        for client in [&coordinator, &by_passkey] {
            assert_eq!(standing(client).await, "TO_ENROLL", "what was shown is there no more");
        }
    }

    async fn where_none_is_required_whoever_has_a_passkey_shows_it_all_the_same(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        assert_eq!(standing(&coordinator).await, "NOT_ASKED");
        Device::default().enroll(&coordinator, "phone").await;
        assert_eq!(standing(&app.log_in(COORDINATOR).await).await, "TO_PROVE");
    }

    async fn whoever_becomes_staff_begins_without_any(backend) {
        let app = TestApp::new(backend).await;
        let admin = app.admin().await;
        let set_role = "mutation($id: ID!, $role: GivenStaffRole!) {
            setStaffRole(input: { accountId: $id, staffRole: $role }) { account { staffRole } userErrors { code field } }
        }";
        let nora = app.sign_up("Nora", "en").await;
        let omar = app.sign_up("Coordinator", "en").await;
        let (mut noras, mut omars) = (Device::default().enroll(&nora, "x").await, Device::default().enroll(&omar, "x").await);
        let id = nora.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
        admin.mutate(set_role, json!({ "id": id, "role": "COORDINATOR" })).await;
        // On the command line, by the address.
        app.coordinator().await;
        for passkey in [&mut noras, &mut omars] {
            let sent = Device::default().get(passkey, &log_in_options(&app.client()).await);
            assert_eq!(app.client().user_errors(LOG_IN, credential(&sent)).await, NOT_GOOD);
        }
        let mut own = Device::default().enroll(&app.log_in(NORA).await, "y").await;
        admin.mutate(set_role, json!({ "id": id, "role": "ADMIN" })).await;
        assert_eq!(standing(&log_in(&app, &mut own).await).await, "PROVEN", "another role takes none away");
    }

    async fn an_administrator_takes_the_passkeys_of_whoever_lost_them_away(backend) {
        let app = TestApp::new(backend).await;
        let coordinator = app.coordinator().await;
        let admin = app.admin().await;
        let mut own = Device::default().enroll(&coordinator, "phone").await;
        let id = coordinator.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
        admin.mutate(RESET_FACTOR, json!({ "id": id })).await;
        assert!(last_mail(&app, COORDINATOR).await.contains("An administrator took away the second factor"));
        let sent = Device::default().get(&mut own, &log_in_options(&app.client()).await);
        assert_eq!(app.client().user_errors(LOG_IN, credential(&sent)).await, NOT_GOOD);
        assert_eq!(coordinator.graphql(PASSKEYS, json!({})).await.status, 401);
        assert_eq!(passkeys(&app.log_in(COORDINATOR).await).await.len(), 0);
    }

    async fn a_new_password_by_mail_takes_no_passkey_of_staff_away(backend) {
        let app = TestApp::with_settings(backend, &REQUIRED).await;
        let coordinator = app.coordinator().await;
        let mut own = Device::default().enroll(&coordinator, "phone").await;
        let request = "mutation { requestPasswordReset(input: { email: \"coordinator@example.org\" }) { userErrors { code field } } }";
        app.client().mutate(request, json!({})).await;
        app.run_jobs().await;
        let token = app.mail_to(COORDINATOR).pop().unwrap().token();
        let reset = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { userErrors { code field } } }";
        let chosen = "another password altogether";
        app.client().mutate(reset, json!({ "input": { "token": token, "newPassword": chosen } })).await;
        let by_password = app.log_in_with(COORDINATOR, chosen).await;
        assert_eq!(standing(&by_password).await, "TO_PROVE", "a mail is no second factor");
        assert_eq!(standing(&log_in(&app, &mut own).await).await, "PROVEN");
    }
}
