//! The model: the catalogue's tables, three more made of them, and the relationships between all.

use shared::catalogue::{Column as Field, ColumnType, Table};

use super::Fault;
use super::expressions::{self, Expression};
use super::measures::Measure;
use super::source;
use super::titles::Titles;
use super::words;

/// Where a table's rows come from.
pub(crate) enum Rows {
    /// A query in M.
    Query(String),
    /// An expression in DAX over the other tables.
    Calculated(String),
}

/// A column of the model.
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: ColumnType,
    pub(crate) description: &'static str,
    /// Whether it names a row.
    pub(crate) key: bool,
    /// Not for people: they take it from the table that it points to, or it only orders another.
    pub(crate) hidden: bool,
    /// The column that orders it.
    pub(crate) sort_by: Option<&'static str>,
}

/// A table of the model.
pub(crate) struct ModelTable {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Rows,
}

/// Many rows of `from` belong to one row of `to`.
pub(crate) struct Relationship {
    pub(crate) name: &'static str,
    pub(crate) from: (&'static str, &'static str),
    pub(crate) to: (&'static str, &'static str),
}

/// The whole model.
pub(crate) struct Model {
    pub(crate) tables: Vec<ModelTable>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) expressions: Vec<Expression>,
}

/// Each with a name of its own, which Power BI shows nowhere.
pub(crate) const RELATIONSHIPS: [Relationship; 6] = [
    joined("model_results_dates", "model_results", "dates", "date"),
    joined("contributions_dates", "contributions", "dates", "date"),
    joined("walk_forward_dates", "walk_forward", "dates", "date"),
    joined(
        "complete_dataset_dates",
        "complete_dataset",
        "dates",
        "date",
    ),
    joined("observations_dates", "observations", "dates", "date"),
    joined("observations_series", "observations", "series", "series"),
];

const fn joined(
    name: &'static str,
    from: &'static str,
    to: &'static str,
    column: &'static str,
) -> Relationship {
    Relationship {
        name,
        from: (from, column),
        to: (to, column),
    }
}

impl Model {
    /// The model with these measures. Fails on a measure whose table is not there or whose name is taken.
    pub(crate) fn new(measures: Vec<Measure>, titles: &Titles) -> Result<Self, Fault> {
        let mut tables: Vec<ModelTable> = Table::ALL.into_iter().map(published).collect();
        tables.extend([series(titles), scores(), dates()]);
        let model = Self {
            tables,
            measures,
            expressions: expressions::expressions(),
        };
        model.check_measures()?;
        Ok(model)
    }

    pub(crate) fn table(&self, name: &str) -> Result<&ModelTable, Fault> {
        let found = self.tables.iter().find(|table| table.name == name);
        found.ok_or_else(|| format!("the model has no table `{name}`").into())
    }

    pub(crate) fn measure(&self, name: &str) -> Result<&Measure, Fault> {
        let found = self.measures.iter().find(|measure| measure.name == name);
        found.ok_or_else(|| format!("the model has no measure `{name}`").into())
    }

    /// Power BI does not open a model in which a measure bears another's name or that of a column of its table, in any case.
    fn check_measures(&self) -> Result<(), Fault> {
        let mut names: Vec<String> = Vec::new();
        for measure in &self.measures {
            let name = measure.name.to_lowercase();
            let table = self.table(&measure.table)?;
            let taken = table.columns.iter().any(|column| column.name == name);
            if taken || names.contains(&name) {
                return Err(format!("the name `{}` is taken", measure.name).into());
            }
            names.push(name);
        }
        Ok(())
    }
}

/// A table of the catalogue as the model has it.
fn published(table: Table) -> ModelTable {
    let mut fields = match table {
        // A run's features are rows here: their names differ between presets, and a model's columns cannot.
        Table::CompleteDataset => vec![
            Field::new("date", ColumnType::Date),
            Field::new("feature", ColumnType::Text),
            Field::new("value", ColumnType::Double),
        ],
        _ => table.columns(&[]),
    };
    fields.extend(Table::partition_columns());
    if table == Table::ModelResults {
        fields.push(Field::new("previous_price", ColumnType::Double));
    }
    let columns = fields.into_iter().map(|field| Column {
        hidden: points_elsewhere(table.name(), &field.name),
        ..column(table.name(), &field.name, field.kind)
    });
    ModelTable {
        name: table.name(),
        description: words::table(table.name()),
        columns: columns.collect(),
        rows: Rows::Query(source::published(table)),
    }
}

fn points_elsewhere(table: &str, column: &str) -> bool {
    RELATIONSHIPS
        .iter()
        .any(|relationship| relationship.from == (table, column))
}

fn column(table: &str, name: &str, kind: ColumnType) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        description: words::column(table, name),
        key: false,
        hidden: false,
        sort_by: None,
    }
}

/// One row a series that the run knows.
fn series(titles: &Titles) -> ModelTable {
    use ColumnType::{BigInt, Text};
    let of = |name, kind| column("series", name, kind);
    ModelTable {
        name: "series",
        description: words::table("series"),
        columns: vec![
            Column {
                key: true,
                ..of("series", Text)
            },
            Column {
                sort_by: Some("slot"),
                ..of("title", Text)
            },
            of("unit", Text),
            of("frequency", Text),
            of("slot", BigInt),
        ],
        rows: Rows::Query(source::series(titles)),
    }
}

/// One row a rule that the run was scored by.
fn scores() -> ModelTable {
    use ColumnType::{Double, Text};
    let of = |name, kind| column("scores", name, kind);
    ModelTable {
        name: "scores",
        description: words::table("scores"),
        columns: vec![of("rule", Text), of("kind", Text), of("rmse", Double)],
        rows: Rows::Query(source::scores()),
    }
}

/// One row a day between the first and the last of all tables that have days.
fn dates() -> ModelTable {
    use ColumnType::{BigInt, Date};
    let of = |name, kind| column("dates", name, kind);
    ModelTable {
        name: "dates",
        description: words::table("dates"),
        columns: vec![
            Column {
                key: true,
                ..of("date", Date)
            },
            of("year", BigInt),
            of("month", Date),
        ],
        rows: Rows::Calculated(source::dates(&RELATIONSHIPS)),
    }
}
