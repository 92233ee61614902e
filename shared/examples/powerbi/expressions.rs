//! What the queries share, in M: the parameters, and how a table is read from a folder and from Athena.

use super::source::text;

/// A named expression in M beside the tables.
pub(crate) struct Expression {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) text: String,
    /// What Power BI keeps of its type: `Text`, `Function`.
    pub(crate) result: &'static str,
}

/// Name, what a new project has, and what it is.
const PARAMETERS: [(&str, &str, &str); 5] = [
    (
        "LakeFolder",
        r"C:\assay-data",
        "The folder of an embedded Assay: what ASSAY_HOME names, with current.json inside. Read where SourceKind is Folder.",
    ),
    (
        "AthenaDsn",
        "Assay",
        "The data source name of Amazon Athena's ODBC driver 2.x. Region, sign-in and output location are set there.",
    ),
    (
        "AthenaCatalogue",
        "AwsDataCatalog",
        "Athena's data catalogue.",
    ),
    ("AthenaDatabase", "assay", "The database in Glue."),
    (
        "AthenaWorkgroup",
        "assay",
        "The workgroup that pays for the questions and bounds what they scan.",
    ),
];

const FROM_FOLDER: &str = r#"(name as text) as table =>
    let
        Path = (key as text) as text => Text.TrimEnd(LakeFolder, {"\", "/"}) & "\" & Text.Replace(key, "/", "\"),
        Current = try Json.Document(File.Contents(Path("current.json"))) otherwise
            error Error.Record("Assay", "There is no current.json in " & LakeFolder & ". Set the parameter LakeFolder to the folder that ASSAY_HOME names, and publish a run there."),
        Manifest = Json.Document(File.Contents(Path("runs/" & Current[run_id] & "/manifest.json"))),
        File = Record.FieldOrDefault(Manifest[tables], name, null),
        Rows = if File = null then #table({}, {}) else Parquet.Document(File.Contents(Path(File[key]))),
        Dated = Table.AddColumn(Rows, "as_of", each Date.FromText(Manifest[as_of]), type date),
        Named = Table.AddColumn(Dated, "run_id", each Manifest[run_id], type text)
    in
        Named"#;

const FROM_ATHENA: &str = r#"(name as text) as table =>
    let
        Driver = Odbc.DataSource(
            [DSN = AthenaDsn, Catalog = AthenaCatalogue, Schema = AthenaDatabase, Workgroup = AthenaWorkgroup],
            [HierarchicalNavigation = true]
        ),
        Catalogue = Driver{[Name = AthenaCatalogue, Kind = "Database"]}[Data],
        Database = Catalogue{[Name = AthenaDatabase, Kind = "Schema"]}[Data],
        View = Table.SelectRows(Database, each [Name] = name & "_latest")
    in
        if Table.IsEmpty(View) then
            error Error.Record("Assay", "The database " & AthenaDatabase & " has no view " & name & "_latest. Publish a run, then refresh.")
        else
            View{0}[Data]"#;

const CURRENT_RUN: &str = r#"(name as text) as table =>
    if SourceKind = "Athena" then
        FromAthena(name)
    else if SourceKind = "Folder" then
        FromFolder(name)
    else
        error Error.Record("Assay", "SourceKind is " & SourceKind & "; it may be Folder or Athena")"#;

/// Parameters first, then what reads by them.
pub(crate) fn expressions() -> Vec<Expression> {
    let kind = Expression {
        name: "SourceKind",
        description: "Where the tables are read: Folder (an embedded Assay on this computer) or Athena.",
        text: parameter(
            "Folder",
            r#", List={"Folder", "Athena"}, DefaultValue="Folder""#,
        ),
        result: "Text",
    };
    let parameters = PARAMETERS
        .iter()
        .map(|(name, value, description)| Expression {
            name,
            description,
            text: parameter(value, ""),
            result: "Text",
        });
    let function = |name, description, text: &str| Expression {
        name,
        description,
        text: text.to_owned(),
        result: "Function",
    };
    let functions = [
        function(
            "FromFolder",
            "A table of the current run from an embedded lake: the pointer names the run, its manifest the file. A table that the run lacks is empty.",
            FROM_FOLDER,
        ),
        function(
            "FromAthena",
            "A table of the current run from Athena: the view that ends in _latest.",
            FROM_ATHENA,
        ),
        function(
            "CurrentRun",
            "A table of the current run from the source that SourceKind names.",
            CURRENT_RUN,
        ),
    ];
    std::iter::once(kind)
        .chain(parameters)
        .chain(functions)
        .collect()
}

fn parameter(value: &str, more: &str) -> String {
    format!(
        r#"{} meta [IsParameterQuery=true{more}, Type="Text", IsParameterQueryRequired=true]"#,
        text(value)
    )
}
