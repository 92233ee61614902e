//! Where the rows come from: each table's query in M; the calendar in DAX.

use shared::catalogue::{Column as Field, ColumnType, Table};

use super::model::Relationship;
use super::titles::{Indicator, Titles};

/// A text as M writes it.
pub(crate) fn text(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("{{{}}}", items.into_iter().collect::<Vec<_>>().join(", "))
}

/// The type that M gives a column.
fn type_of(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Date => "type date",
        ColumnType::Double => "type number",
        ColumnType::BigInt => "Int64.Type",
        ColumnType::Text => "type text",
        ColumnType::Boolean => "type logical",
        ColumnType::Timestamp => "type datetime",
    }
}

/// A query: its steps by name, the last one is the answer.
fn query(steps: &[(&str, String)]) -> String {
    let lines: Vec<String> = steps
        .iter()
        .map(|(name, step)| format!("    {name} = {step}"))
        .collect();
    let last = steps.last().map_or("", |(name, _)| *name);
    format!("let\n{}\nin\n    {last}", lines.join(",\n"))
}

fn typed(of: &str, fields: &[Field]) -> String {
    let pairs = fields
        .iter()
        .map(|field| list([text(&field.name), type_of(field.kind).to_owned()]));
    format!(
        r#"Table.TransformColumnTypes({of}, {}, "en-US")"#,
        list(pairs)
    )
}

/// The columns asked for, in order: a column that a run lacks is empty.
fn chosen(of: &str, fields: &[Field]) -> String {
    let names = fields.iter().map(|field| text(&field.name));
    format!(
        "Table.SelectColumns({of}, {}, MissingField.UseNull)",
        list(names)
    )
}

/// The query of a table of the catalogue.
pub(crate) fn published(table: Table) -> String {
    let mut fields = table.columns(&[]);
    fields.extend(Table::partition_columns());
    let read = ("Read", format!("CurrentRun({})", text(table.name())));
    let plain = [
        read.clone(),
        ("Chosen", chosen("Read", &fields)),
        ("Typed", typed("Chosen", &fields)),
    ];
    match table {
        Table::CompleteDataset => features(read),
        Table::ModelResults => with_previous_price(plain, &fields),
        Table::Observations => newest_known(plain),
        _ => query(&plain),
    }
}

/// One row a day and feature: the features of presets differ.
fn features(read: (&'static str, String)) -> String {
    let mut fields = vec![
        Field::new("date", ColumnType::Date),
        Field::new("feature", ColumnType::Text),
        Field::new("value", ColumnType::Double),
    ];
    fields.extend(Table::partition_columns());
    query(&[
        read,
        (
            "Rows",
            r#"Table.UnpivotOtherColumns(Read, {"date", "as_of", "run_id"}, "feature", "value")"#
                .to_owned(),
        ),
        ("Typed", typed("Rows", &fields)),
    ])
}

/// Each row with the price of the row before, which is what the rule “no change” says.
fn with_previous_price(plain: [(&'static str, String); 3], fields: &[Field]) -> String {
    let [read, chosen, _] = plain;
    let mut all = fields.to_vec();
    all.push(Field::new("previous_price", ColumnType::Double));
    query(&[
        read,
        chosen,
        ("Ordered", r#"Table.Buffer(Table.Sort(Chosen, {{"date", Order.Ascending}}))"#.to_owned()),
        (
            "Before",
            "List.FirstN({null} & Ordered[price], Table.RowCount(Ordered))".to_owned(),
        ),
        (
            "Joined",
            r#"Table.FromColumns(Table.ToColumns(Ordered) & {Before}, Table.ColumnNames(Ordered) & {"previous_price"})"#
                .to_owned(),
        ),
        ("Typed", typed("Joined", &all)),
    ])
}

/// Of the values reported for a date, the one known last.
fn newest_known(plain: [(&'static str, String); 3]) -> String {
    let [read, chosen, typed] = plain;
    query(&[
        read,
        chosen,
        typed,
        (
            "Ordered",
            r#"Table.Buffer(Table.Sort(Typed, {{"available_at", Order.Descending}, {"vintage", Order.Descending}}))"#
                .to_owned(),
        ),
        ("Newest", r#"Table.Distinct(Ordered, {"series", "date"})"#.to_owned()),
    ])
}

/// The series of the run, those with most dates first: daily ones before monthly ones.
pub(crate) fn series(titles: &Titles) -> String {
    let row = |(id, known): (&String, &Indicator)| {
        let parts = [id, &known.title, &known.unit, &known.frequency];
        format!("            {}", list(parts.map(|part| text(part))))
    };
    let known: Vec<String> = titles.iter().map(row).collect();
    query(&[
        (
            "Known",
            format!(
                "#table(\n        type table [id = text, known_title = text, unit = text, frequency = text],\n        {{\n{}\n        }}\n    )",
                known.join(",\n")
            ),
        ),
        (
            "Counted",
            r#"Table.Group(observations, {"series"}, {{"dates", each Table.RowCount(_), Int64.Type}})"#.to_owned(),
        ),
        (
            "Joined",
            r#"Table.Join(Counted, {"series"}, Known, {"id"}, JoinKind.LeftOuter)"#.to_owned(),
        ),
        (
            "Titled",
            r#"Table.AddColumn(Joined, "title", each if [known_title] = null then Text.Replace([series], "_", " ") else [known_title], type text)"#.to_owned(),
        ),
        (
            "Ordered",
            r#"Table.Sort(Titled, {{"dates", Order.Descending}, {"series", Order.Ascending}})"#.to_owned(),
        ),
        ("Placed", r#"Table.AddIndexColumn(Ordered, "slot", 1, 1, Int64.Type)"#.to_owned()),
        (
            "Chosen",
            r#"Table.SelectColumns(Placed, {"series", "title", "unit", "frequency", "slot"})"#.to_owned(),
        ),
    ])
}

/// The scores that `model_runs` carries as JSON, a row each.
pub(crate) fn scores() -> String {
    let pairs = |column: &str, kind: &str| {
        format!(
            r#"Table.AddColumn(Record.ToTable(Json.Document(Run[{column}])), "kind", each {}, type text)"#,
            text(kind)
        )
    };
    let fields = [
        ("rule", ColumnType::Text),
        ("rmse", ColumnType::Double),
        ("kind", ColumnType::Text),
    ];
    query(&[
        (
            "Run",
            r#"if Table.IsEmpty(model_runs) then [scores = "{}", baselines = "{}"] else model_runs{0}"#.to_owned(),
        ),
        ("Ours", pairs("scores", "model")),
        ("Baselines", pairs("baselines", "baseline")),
        (
            "Named",
            r#"Table.RenameColumns(Table.Combine({Ours, Baselines}), {{"Name", "rule"}, {"Value", "rmse"}})"#.to_owned(),
        ),
        ("Typed", typed("Named", &fields.map(|(name, kind)| Field::new(name, kind)))),
    ])
}

/// The calendar in DAX: from the first to the last day of the tables that point to it.
pub(crate) fn dates(relationships: &[Relationship]) -> String {
    let ends = |function: &str| {
        let of = relationships
            .iter()
            .filter(|joined| joined.to == ("dates", "date"));
        let days: Vec<String> = of
            .map(|joined| format!("{{ {function} ( {}[{}] ) }}", joined.from.0, joined.from.1))
            .collect();
        format!(
            "{function}X (\n        FILTER (\n            UNION (\n                {}\n            ),\n            NOT ISBLANK ( [Value] )\n        ),\n        [Value]\n    )",
            days.join(",\n                ")
        )
    };
    format!(
        "VAR FirstDay =\n    {}\nVAR LastDay =\n    {}\nRETURN\n    SELECTCOLUMNS (\n        CALENDAR ( FirstDay, LastDay ),\n        \"date\", [Date],\n        \"year\", YEAR ( [Date] ),\n        \"month\", DATE ( YEAR ( [Date] ), MONTH ( [Date] ), 1 )\n    )",
        ends("MIN"),
        ends("MAX")
    )
}
