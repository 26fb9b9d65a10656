//! The worker is woken when a job can be seen, which is after its transaction.

use api::jobs::enqueue;
use api::jobs::mail_reset_link::MailResetLink;
use api::store::transaction::begin_write;
use futures_util::FutureExt;
use tests::app::TestApp;
use tests::on_both_databases;

on_both_databases! {
    async fn the_worker_is_woken_by_the_commit_and_not_before(backend) {
        let app = TestApp::new(backend).await;
        let store = &app.app.store;
        let is_woken = || store.job_signal.committed().now_or_never().is_some();
        let job = MailResetLink { account_id: None };
        let now = app.app.clock.now();

        let transaction = begin_write(store).await.unwrap();
        enqueue(&app.app, &*transaction, &job, now).await.unwrap();
        assert!(!is_woken());
        transaction.commit().await.unwrap();
        assert!(is_woken());
        assert!(!is_woken());

        // Neither a commit without a job nor a job that is rolled back wakes it.
        begin_write(store).await.unwrap().commit().await.unwrap();
        assert!(!is_woken());
        let transaction = begin_write(store).await.unwrap();
        enqueue(&app.app, &*transaction, &job, now).await.unwrap();
        drop(transaction);
        assert!(!is_woken());
        assert_eq!(app.run_jobs().await, 1);
    }
}
