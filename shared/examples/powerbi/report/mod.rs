//! The report as PBIR: four pages, a theme, and what stands around them.

mod chart;
mod pages;
mod theme;
mod visual;

use serde_json::{Value, json};

use super::Fault;
use super::files::Files;
use super::model::Model;
use super::tmdl::{platform, pretty};
use visual::Visual;

const FOLDER: &str = "Assay.Report";

/// What Power BI calls the report in a workspace. Never changed: a published report is found by it.
const REPORT_ID: &str = "b1d6a6b0-93f4-4f7c-8c0e-2f1f6c7d9b02";

const SCHEMAS: &str = "https://developer.microsoft.com/json-schemas/fabric/item/report";

/// The theme's file name among the report's resources.
const THEME: &str = "assay.json";

/// A page and what is on it, in the order in which the tab key walks.
pub(crate) struct Page {
    /// Its folder's name.
    pub(crate) name: &'static str,
    /// Its title, for people.
    pub(crate) title: &'static str,
    pub(crate) visuals: Vec<Visual>,
}

/// Width and height of every page.
pub(crate) const SIZE: (u32, u32) = (1280, 720);

/// Writes the report, and the file that opens it with its model.
pub(crate) fn write(model: &Model, files: &mut Files) -> Result<(), Fault> {
    let pages = pages::all();
    let mut put = |name: String, value: &Value| {
        files.insert(format!("{FOLDER}/{name}"), pretty(value));
    };
    put("definition.pbir".to_owned(), &reference());
    put("definition/version.json".to_owned(), &version());
    put("definition/report.json".to_owned(), &report());
    put("definition/pages/pages.json".to_owned(), &order(&pages));
    put(
        format!("StaticResources/RegisteredResources/{THEME}"),
        &theme::theme(),
    );
    for page in &pages {
        let folder = format!("definition/pages/{}", page.name);
        put(format!("{folder}/page.json"), &page_file(page));
        for (place, visual) in page.visuals.iter().enumerate() {
            let file = visual.file(model, place)?;
            put(
                format!("{folder}/visuals/{}/visual.json", visual.name),
                &file,
            );
        }
    }
    files.insert(format!("{FOLDER}/.platform"), platform("Report", REPORT_ID));
    files.insert("Assay.pbip".to_owned(), pretty(&project()));
    Ok(())
}

fn project() -> Value {
    json!({
        "$schema": "https://developer.microsoft.com/json-schemas/fabric/pbip/pbipProperties/1.0.0/schema.json",
        "version": "1.0",
        "artifacts": [{"report": {"path": FOLDER}}],
        "settings": {"enableAutoRecovery": true}
    })
}

fn reference() -> Value {
    json!({
        "$schema": format!("{SCHEMAS}/definitionProperties/2.0.0/schema.json"),
        "version": "4.0",
        "datasetReference": {"byPath": {"path": "../Assay.SemanticModel"}}
    })
}

fn version() -> Value {
    json!({
        "$schema": format!("{SCHEMAS}/definition/versionMetadata/1.0.0/schema.json"),
        "version": "2.0.0"
    })
}

fn report() -> Value {
    let theme_version = json!({"visual": "2.0.0", "report": "3.0.0", "page": "2.0.0"});
    json!({
        "$schema": format!("{SCHEMAS}/definition/report/3.0.0/schema.json"),
        "themeCollection": {
            "customTheme": {"name": THEME, "reportVersionAtImport": theme_version, "type": "RegisteredResources"}
        },
        "resourcePackages": [{
            "name": "RegisteredResources",
            "type": "RegisteredResources",
            "items": [{"name": THEME, "path": THEME, "type": "CustomTheme"}]
        }],
        "settings": {
            "useEnhancedTooltips": true,
            "useStylableVisualContainerHeader": true,
            "exportDataMode": "AllowSummarized"
        }
    })
}

fn order(pages: &[Page]) -> Value {
    let names: Vec<&str> = pages.iter().map(|page| page.name).collect();
    json!({
        "$schema": format!("{SCHEMAS}/definition/pagesMetadata/1.0.0/schema.json"),
        "pageOrder": names,
        "activePageName": names[0]
    })
}

fn page_file(page: &Page) -> Value {
    json!({
        "$schema": format!("{SCHEMAS}/definition/page/2.0.0/schema.json"),
        "name": page.name,
        "displayName": page.title,
        "displayOption": "FitToPage",
        "width": SIZE.0,
        "height": SIZE.1
    })
}
