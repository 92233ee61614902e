//! Every published model, newest first: what tells it from the others, and the way to its card.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::api::{GetModels, PublishedModel};
use shared::card::Verdict;

use crate::format;
use crate::live::Live;
use crate::load::{Load, use_get};

/// The most rows; more are a day (`?as_of=`) away.
const LISTED: usize = 60;

/// The list of models; the one that the page shows is marked.
#[component]
pub(super) fn Earlier(
    /// The run whose card the page shows.
    shown: String,
) -> impl IntoView {
    let live = Live::get();
    let source = use_get(move || {
        live.track_end();
        GetModels
    });
    view! {
        <section class="card" aria-labelledby="earlier">
            <h2 id="earlier">"Every published model"</h2>
            <Load source name="list of models" empty=|| () ready=move |models| list(&models, &shown) />
        </section>
    }
}

fn list(models: &[PublishedModel], shown: &str) -> impl IntoView + use<> {
    let all = models.len();
    let hashes = models.iter().map(|one| one.model_sha256.as_str());
    let different = hashes.collect::<BTreeSet<&str>>().len();
    let cut = (all > LISTED).then(|| format!(" The newest {LISTED} are listed."));
    let rows = models.iter().take(LISTED).map(|model| line(model, shown));
    view! {
        <p>
            {format!(
                "{} published, with {}.",
                format::count(all, "run"),
                format::count(different, "different model")
            )}
            {cut}
        </p>
        <div class="scroll" tabindex="0" role="group" aria-label="Published models">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"As of"</th>
                        <th scope="col">"Preset"</th>
                        <th scope="col">"Skill"</th>
                        <th scope="col">"Error"</th>
                        <th scope="col" class="wide-only">"Test days"</th>
                        <th scope="col" class="wide-only">"Model file"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line(model: &PublishedModel, shown: &str) -> impl IntoView + use<> {
    let current = (model.run_id == shown).then_some("true");
    let mark = match model.skill.verdict {
        Verdict::Skill => "✓",
        Verdict::NoSkill => "○",
        Verdict::Worse => "✕",
    };
    let skill = format!(
        "{mark} {} ({})",
        format::signed_percent(100.0 * model.skill.skill),
        format::p_value(model.skill.dm_p)
    );
    let error = model
        .rmse_pct
        .map_or(format::NONE.to_owned(), format::percent);
    let hash = model.model_sha256.get(..8).unwrap_or_default().to_owned();
    view! {
        <tr aria-current=current>
            <th scope="row">
                <a href=format!("/model?run={}", model.run_id)>{format::date(model.as_of)}</a>
            </th>
            <td>{model.preset.clone()}</td>
            <td>{skill}</td>
            <td>{error}</td>
            <td class="wide-only">{format::grouped(model.test_rows as f64, 0)}</td>
            <td class="wide-only"><code>{hash}</code></td>
        </tr>
    }
}
