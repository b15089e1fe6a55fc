//! JSON CAS 0.4, and the form in which parts of a CAS are kept with an article.

use serde_json::{Map, Value as Json, json};

use crate::format::cas::{Cas, Feat, Feature, Fs, IDS, Sofa, Type, Types, View};

/// Reads a CAS; what is not understood is said.
pub(in crate::format) fn parse(json: Json, problems: &mut Vec<String>) -> Cas {
    let mut cas = Cas::default();
    let Json::Object(mut root) = json else {
        problems.push("The file was left out. It is not an object. Export it again.".to_owned());
        return cas;
    };
    if let Some(Json::Object(types)) = root.remove("%TYPES") {
        cas.types = Types(types.into_iter().map(|(name, fields)| (name.clone(), of_type(name, &fields))).collect());
    }
    let structures = match root.remove("%FEATURE_STRUCTURES") {
        Some(Json::Array(list)) => list,
        Some(Json::Object(map)) => map.into_iter().filter_map(with_id).collect(),
        _ => Vec::new(),
    };
    for one in structures {
        let Json::Object(fields) = one else {
            problems.push("A feature structure was left out. It is not an object. Repair the file.".to_owned());
            continue;
        };
        structure(&mut cas, fields, problems);
    }
    if let Some(Json::Object(views)) = root.remove("%VIEWS") {
        for (name, view) in views {
            let ids = |list: &Vec<Json>| list.iter().filter_map(Json::as_u64).collect();
            let members = view.get("%MEMBERS").and_then(Json::as_array).map(ids).unwrap_or_default();
            let by_name = || cas.sofas.iter().find(|sofa| sofa.name == name).map(|sofa| sofa.id);
            if let Some(sofa) = view.get("%SOFA").and_then(Json::as_u64).or_else(by_name) {
                cas.views.push(View { sofa, members });
            }
        }
    }
    cas
}

fn with_id((id, mut fields): (String, Json)) -> Option<Json> {
    fields.as_object_mut()?.insert("%ID".to_owned(), json!(id.parse::<u64>().ok()?));
    Some(fields)
}

fn of_type(name: String, fields: &Json) -> Type {
    let text = |json: &Json, key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
    let above = text(fields, "%SUPER_TYPE").unwrap_or_else(|| super::TOP.to_owned());
    let mut features = Vec::new();
    for (name, feature) in fields.as_object().into_iter().flatten().filter(|(name, _)| !name.starts_with('%')) {
        let mut range = text(feature, "%RANGE").unwrap_or_else(|| super::STRING.to_owned());
        if range == "uima.cas.FSArray"
            && let Some(element) = text(feature, "%ELEMENT_TYPE")
        {
            range = format!("{element}[]");
        }
        let shared = feature.get("%MULTIPLE_REFERENCES_ALLOWED").and_then(Json::as_bool);
        features.push(Feature { name: name.clone(), range, shared });
    }
    let strings = |list: &Vec<Json>| list.iter().filter_map(Json::as_str).map(str::to_owned).collect();
    let allowed = fields.get("%ALLOWED").and_then(Json::as_array).map(strings).unwrap_or_default();
    Type { name, above, features, allowed }
}

fn structure(cas: &mut Cas, mut fields: Map<String, Json>, problems: &mut Vec<String>) {
    let id = fields.remove("%ID").and_then(|id| id.as_u64()).filter(|id| *id <= IDS);
    let kind = fields.remove("%TYPE").and_then(|kind| kind.as_str().map(str::to_owned));
    let (Some(id), Some(kind)) = (id, kind) else {
        problems.push("A feature structure was left out. It has no %ID or no %TYPE. Repair the file.".to_owned());
        return;
    };
    let mut take = |name: &str| fields.remove(name);
    if kind == "uima.cas.Sofa" {
        let mut text = |name: &str| take(name).and_then(|value| value.as_str().map(str::to_owned));
        let (name, mime, string) = (text("sofaID").unwrap_or_default(), text("mimeType"), text("sofaString"));
        let num = take("sofaNum").and_then(|num| num.as_u64()).unwrap_or(1);
        let rest = fields.into_iter().filter(|(_, value)| !value.is_null());
        let rest = rest.map(|(name, value)| feature(name, value, false)).collect();
        return cas.sofas.push(Sofa { id, num, name, mime, text: string, rest });
    }
    let mut fs = Fs::new(id, &kind);
    let objects = kind.ends_with("[]") || kind == "uima.cas.FSArray";
    let there = fields.into_iter().filter(|(_, value)| !value.is_null());
    fs.features.extend(there.map(|(name, value)| feature(name, value, objects)));
    cas.all.push(fs);
}

/// A feature by the mark that its name begins with; `objects` are the elements of an array of structures.
fn feature(name: String, value: Json, objects: bool) -> (String, Feat) {
    if name == "%ELEMENTS" {
        ("elements".to_owned(), feat(value, objects))
    } else if let Some(plain) = name.strip_prefix('@') {
        (plain.to_owned(), feat(value, true))
    } else if let Some(plain) = name.strip_prefix('#') {
        (plain.to_owned(), feat(value, false))
    } else if name.starts_with(['%', '^']) {
        (name, Feat::Raw(value))
    } else {
        (name, feat(value, false))
    }
}

fn feat(value: Json, reference: bool) -> Feat {
    let word = |one: &Json| one.as_str().map_or_else(|| one.to_string(), str::to_owned);
    match value {
        Json::Number(number) if reference => number.as_u64().map_or(Feat::Raw(Json::Number(number)), Feat::Ref),
        // No reference is 0, as in XMI.
        Json::Array(list) if reference => Feat::Refs(list.iter().map(|one| one.as_u64().unwrap_or(0)).collect()),
        Json::Array(list) if list.iter().any(|one| one.is_array() || one.is_object()) => Feat::Raw(Json::Array(list)),
        Json::Array(list) => Feat::List(list.iter().map(word).collect()),
        Json::Number(number) => Feat::Number(number),
        Json::Bool(yes) => Feat::Flag(yes),
        Json::String(text) => Feat::Text(text),
        other => Feat::Raw(other),
    }
}

/// Writes a CAS. Arrays that do not stand on their own are lists in the feature, which only kept ones have.
pub(in crate::format) fn print(cas: &Cas) -> Json {
    let mut types = Map::new();
    for known in cas.types.0.values() {
        let mut fields = Map::new();
        fields.insert("%NAME".to_owned(), json!(known.name));
        fields.insert("%SUPER_TYPE".to_owned(), json!(known.above));
        if !known.allowed.is_empty() {
            fields.insert("%ALLOWED".to_owned(), json!(known.allowed));
        }
        for feature in &known.features {
            let mut row = json!({ "%NAME": feature.name, "%RANGE": feature.range });
            if let (Some(shared), Some(row)) = (feature.shared, row.as_object_mut()) {
                row.insert("%MULTIPLE_REFERENCES_ALLOWED".to_owned(), json!(shared));
            }
            fields.insert(feature.name.clone(), row);
        }
        types.insert(known.name.clone(), Json::Object(fields));
    }
    let mut list = Vec::new();
    for sofa in &cas.sofas {
        let mut row = json!({
            "%ID": sofa.id, "%TYPE": "uima.cas.Sofa", "sofaNum": sofa.num, "sofaID": sofa.name,
        });
        if let Some(row) = row.as_object_mut() {
            row.extend(sofa.mime.as_ref().map(|mime| ("mimeType".to_owned(), json!(mime))));
            row.extend(sofa.text.as_ref().map(|text| ("sofaString".to_owned(), json!(text))));
            sofa.rest.iter().for_each(|(name, value)| put(row, name, value, None, None));
        }
        list.push(row);
    }
    for fs in &cas.all {
        let mut fields = Map::new();
        fields.insert("%ID".to_owned(), json!(fs.id));
        fields.insert("%TYPE".to_owned(), json!(fs.kind));
        for (name, value) in &fs.features {
            let array = (name == "elements" && fs.is_array()).then_some(fs.kind.as_str());
            put(&mut fields, name, value, cas.types.range(&fs.kind, name), array);
        }
        list.push(Json::Object(fields));
    }
    let mut views = Map::new();
    for view in &cas.views {
        let name = cas.sofas.iter().find(|sofa| sofa.id == view.sofa).map_or("_InitialView", |sofa| &sofa.name);
        views.insert(name.to_owned(), json!({ "%SOFA": view.sofa, "%MEMBERS": view.members }));
    }
    json!({ "%TYPES": types, "%FEATURE_STRUCTURES": list, "%VIEWS": views })
}

/// Puts a feature among the fields of a structure; `array` is the kind of an array whose elements it holds.
fn put(fields: &mut Map<String, Json>, name: &str, value: &Feat, range: Option<&str>, array: Option<&str>) {
    let special = matches!(range, Some("uima.cas.Double" | "uima.cas.Float"));
    let name = match value {
        Feat::Refs(_) | Feat::List(_) | Feat::Text(_) if array.is_some() => "%ELEMENTS".to_owned(),
        Feat::Ref(_) | Feat::Refs(_) => format!("@{name}"),
        Feat::Text(_) if special => format!("#{name}"),
        _ => name.to_owned(),
    };
    let value = match (value, array) {
        (Feat::List(words), Some(kind)) => elements(kind, words),
        (Feat::List(words), None) => json!(words),
        (Feat::Refs(ids), _) => json!(ids),
        (Feat::Ref(id), _) => json!(id),
        (Feat::Text(text), _) => json!(text),
        (Feat::Number(number), _) => json!(number),
        (Feat::Flag(yes), _) => json!(yes),
        (Feat::Raw(raw), _) => raw.clone(),
    };
    fields.insert(name, value);
}

/// Elements as their kind of array has them.
fn elements(kind: &str, words: &[String]) -> Json {
    if kind.ends_with("StringArray") {
        return json!(words);
    }
    // Numbers and flags are as JSON writes them; what JSON has no number for stays a word.
    let one = |word: &String| serde_json::from_str::<Json>(word).unwrap_or_else(|_| json!(word));
    Json::Array(words.iter().map(one).collect())
}
