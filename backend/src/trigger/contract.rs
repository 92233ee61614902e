//! What every runner must do; each twin's own tests call these.

use shared::api::StartRun;

use super::{Runner, StartError};
use crate::preset;

/// All of the suite. Nothing runs at first; `occupy` lets somebody else run, until its value is dropped or for ever.
pub(crate) async fn suite<T>(runner: &dyn Runner, occupy: impl AsyncFnOnce() -> T) {
    offers_every_preset_the_configured_one_first(runner);
    refuses_what_does_not_exist(runner).await;
    assert_eq!(runner.running().await, None, "nothing was started so far");
    let _other = occupy().await;
    starts_nothing_beside_another_run(runner).await;
}

fn offers_every_preset_the_configured_one_first(runner: &dyn Runner) {
    let offered = runner.presets();
    assert_eq!(offered[0].name, "fair");
    for name in preset::built_in_names() {
        let found = offered.iter().find(|choice| choice.name == name);
        assert!(
            found.unwrap().grids.contains(&"deployed".to_owned()),
            "{name}"
        );
    }
}

async fn refuses_what_does_not_exist(runner: &dyn Runner) {
    let cases = [
        (
            Some("/etc/passwd"),
            None,
            "there is no preset `/etc/passwd`",
        ),
        (None, Some("vast"), "the preset `fair` has no grid `vast`"),
    ];
    for (preset, grid, words) in cases {
        let what = StartRun {
            preset: preset.map(str::to_owned),
            grid: grid.map(str::to_owned),
            ..StartRun::default()
        };
        match runner.start(what).await {
            Err(StartError::Bad { message }) => assert_eq!(message, words),
            other => panic!("{words}: {other:?}"),
        }
    }
}

async fn starts_nothing_beside_another_run(runner: &dyn Runner) {
    let refused = runner.start(StartRun::default()).await;
    assert!(
        matches!(refused, Err(StartError::Running { .. })),
        "{refused:?}"
    );
}
