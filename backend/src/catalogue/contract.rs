//! What every catalogue must do over a lake with three published runs; each twin's own tests call this.

use shared::catalogue::{ColumnType, Manifest, Table};

use super::{Catalogue, CatalogueError, Published};

/// All of the suite. `lake` reads the lake of [`crate::query::published_lake`], where `fair-2` is current.
pub(crate) async fn suite(catalogue: &dyn Catalogue, lake: &Published) {
    a_run_that_is_not_published_is_refused(catalogue, lake).await;
    published_runs_are_found(catalogue, lake).await;
    registering_again_changes_nothing(catalogue, lake).await;
    columns_of_all_runs_are_there(catalogue).await;
}

async fn manifest(lake: &Published, run_id: &str) -> Manifest {
    lake.manifest(run_id).await.unwrap().unwrap()
}

async fn a_run_that_is_not_published_is_refused(catalogue: &dyn Catalogue, lake: &Published) {
    let mut draft = manifest(lake, "fair-1").await;
    draft.run_id = "draft".to_owned();
    let error = catalogue.register(&draft).await.unwrap_err();
    assert_eq!(error.to_string(), "run `draft` is not published");
    assert!(matches!(error, CatalogueError::Fail { .. }) && !error.retry());
}

async fn published_runs_are_found(catalogue: &dyn Catalogue, lake: &Published) {
    // Out of order: events may come so.
    for run_id in ["fair-2", "classic-1", "fair-1"] {
        catalogue
            .register(&manifest(lake, run_id).await)
            .await
            .unwrap();
    }
    let runs = catalogue.runs(Table::ModelResults).await.unwrap();
    assert_eq!(runs, ["classic-1", "fair-1", "fair-2"]);
    let runs = catalogue.runs(Table::Contributions).await.unwrap();
    assert_eq!(runs, ["fair-2"]);
}

async fn registering_again_changes_nothing(catalogue: &dyn Catalogue, lake: &Published) {
    let before = catalogue.tables().await.unwrap();
    catalogue
        .register(&manifest(lake, "classic-1").await)
        .await
        .unwrap();
    assert_eq!(catalogue.tables().await.unwrap(), before);
    let runs = catalogue.runs(Table::ModelResults).await.unwrap();
    assert_eq!(runs, ["classic-1", "fair-1", "fair-2"]);
}

async fn columns_of_all_runs_are_there(catalogue: &dyn Catalogue) {
    let tables = catalogue.tables().await.unwrap();
    assert_eq!(tables.len(), 2 * Table::ALL.len());
    let columns = |name: &str| {
        let table = tables.iter().find(|table| table.name == name).unwrap();
        let mut names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names.split_off(names.len() - 2), ["as_of", "run_id"]);
        assert_eq!(table.columns.last().unwrap().kind, ColumnType::Text);
        names.sort_unstable();
        names
    };
    assert_eq!(
        columns("complete_dataset"),
        ["date", "gold_ema", "real_rate", "silver", "target"]
    );
    assert_eq!(
        columns("complete_dataset_latest"),
        ["date", "real_rate", "silver", "target"]
    );
}
