//! Daily backups of a project: how they are made, which are kept, where they lie.
//!
//! `news.ron` has them in `news.backups/2026-11-22.ron`, a project that is a folder in `backups/2026-11-22/` inside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::base::disk;
use crate::base::env::Date;
use crate::base::error::{Error, Kind, Result};
use crate::store::ron;

/// How many of the newest days are kept.
const DAYS: usize = 7;
/// How many weeks before those days are kept, each with its newest day.
const WEEKS: usize = 4;
/// Names in a project folder that no backup holds: what grows, what is a copy itself, what is thrown away anyhow.
const LEFT_OUT: [&str; 4] = ["journal", "backups", "trash", ".work"];
/// The list of the backups that the program made.
const MADE: &str = "made.txt";

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Backup {
    /// The day it was made on; it holds what was there before the first change of that day.
    pub day: Date,
    /// The file or folder.
    pub path: PathBuf,
}

/// Where the backups of a project lie.
pub fn place(project: &Path) -> PathBuf {
    if project.is_dir() {
        return project.join("backups");
    }
    let stem = project.file_stem().unwrap_or_default().to_string_lossy();
    project.with_file_name(format!("{stem}.backups"))
}

/// The backups of a project, the newest first.
pub fn list(project: &Path) -> Vec<Backup> {
    let entries = std::fs::read_dir(place(project)).into_iter().flatten().flatten();
    let mut found: Vec<Backup> = entries.filter_map(|entry| backup(&entry.path())).collect();
    found.sort_by(|a, b| b.cmp(a));
    found
}

fn backup(path: &Path) -> Option<Backup> {
    let name = disk::name(path);
    let stem = if path.is_dir() { name.as_str() } else { name.strip_suffix(".ron")? };
    // Written out again it has to be the same, so that no other name is taken for a day.
    let day = stem.parse::<Date>().ok().filter(|day| day.to_string() == stem)?;
    Some(Backup { day, path: path.to_path_buf() })
}

/// Makes the backup of a day, unless it is there, and then takes away those that it supersedes.
pub fn make(project: &Path, today: Date) -> Result<Option<Backup>> {
    let place = place(project);
    let folder = project.is_dir();
    let path = place.join(if folder { today.to_string() } else { format!("{today}.ron") });
    if path.exists() {
        return Ok(None);
    }
    disk::make_folder(&place)?;
    let sound = if folder {
        let half = place.join(format!(".{today}.making"));
        if half.exists() {
            disk::remove_backup(&half)?;
        }
        copy_folder(project, &half, 0)?;
        disk::move_to(&half, &path)?;
        true
    } else {
        let bytes = disk::read(project, u64::MAX)?;
        disk::replace(&path, &bytes)?;
        std::str::from_utf8(&bytes).is_ok_and(|text| ron::split_header("project", text).0.intact)
    };
    let mut made = made(&place);
    made.insert(disk::name(&path), fingerprint(&path)?);
    keep_made(&place, &made)?;
    // A project that does not fit together is backed up too, but nothing good goes for it.
    if sound {
        thin(&place, &made, today)?;
    }
    Ok(Some(Backup { day: today, path }))
}

/// Copies a backup to a new name, as a project of its own.
pub fn copy(backup: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        let what = format!("Could not create ‘{}’", disk::name(to));
        let why = "Something of that name is already there, and it is never overwritten";
        return Err(Error::new(Kind::Refused, what, why, "Choose another name").at(to));
    }
    if backup.is_dir() { copy_folder(backup, to, 0) } else { disk::replace(to, &disk::read(backup, u64::MAX)?) }
}

/// Takes away what is superseded, as far as the program made it and nobody changed it since.
fn thin(place: &Path, made: &BTreeMap<String, String>, today: Date) -> Result<()> {
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    let ours: BTreeMap<Date, PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| made.contains_key(&disk::name(path)))
        .filter_map(|path| backup(&path).map(|backup| (backup.day, backup.path)))
        .collect();
    let mut left = made.clone();
    for day in superseded(&ours.keys().copied().collect(), today) {
        let Some(path) = ours.get(&day) else { continue };
        if made.get(&disk::name(path)) == Some(&fingerprint(path)?) {
            disk::remove_backup(path)?;
            left.remove(&disk::name(path));
        }
    }
    if left == *made { Ok(()) } else { keep_made(place, &left) }
}

/// The days that need not be kept: neither among the newest, nor the newest of one of the weeks before those.
///
/// Days after today come from a clock that went wrong; they count for nothing and are kept.
pub fn superseded(days: &BTreeSet<Date>, today: Date) -> Vec<Date> {
    let mut weeks = BTreeSet::new();
    let older = days.iter().rev().filter(|day| **day <= today).skip(DAYS);
    let gone = older.filter(|day| {
        let week = day.iso_week_date();
        // The first day that is met of a week is its newest.
        let newest = weeks.insert((week.year(), week.week()));
        !newest || weeks.len() > WEEKS
    });
    gone.copied().collect()
}

/// What tells that nobody changed a backup: the checksum of a file. A folder is known by its name only.
fn fingerprint(path: &Path) -> Result<String> {
    if path.is_dir() {
        return Ok("folder".to_owned());
    }
    Ok(format!("{:08x}", crc32fast::hash(&disk::read(path, u64::MAX)?)))
}

fn made(place: &Path) -> BTreeMap<String, String> {
    let list = disk::read(&place.join(MADE), 1 << 20).unwrap_or_default();
    let text = String::from_utf8_lossy(&list).into_owned();
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    pairs.filter(|(name, _)| !name.starts_with('#')).map(|(name, sum)| (name.to_owned(), sum.to_owned())).collect()
}

fn keep_made(place: &Path, made: &BTreeMap<String, String>) -> Result<()> {
    let mut text = String::from("# Backups that Rubricate made by itself. Only these are ever thinned out.\n");
    for (name, sum) in made.iter().filter(|(name, _)| place.join(name).exists()) {
        text.push_str(&format!("{name} {sum}\n"));
    }
    disk::replace(&place.join(MADE), text.as_bytes())
}

/// Gives all parts of a project folder a second name in another folder.
fn copy_folder(from: &Path, to: &Path, depth: usize) -> Result<()> {
    disk::make_folder(to)?;
    let fail = |source: std::io::Error| Error::disk(format!("Could not read ‘{}’", disk::name(from)), &source, from);
    for entry in std::fs::read_dir(from).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = disk::name(&path);
        // Locks and half-written files have names that begin with a dot.
        if name.starts_with('.') || (depth == 0 && LEFT_OUT.contains(&name.as_str())) {
            continue;
        }
        if path.is_dir() {
            copy_folder(&path, &to.join(name), depth + 1)?;
        } else {
            disk::link_or_copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// What is left of a backup each day from one day to another.
    fn left(from: &str, to: &str) -> BTreeSet<Date> {
        let (mut kept, mut today) = (BTreeSet::new(), day(from));
        while today <= day(to) {
            kept.insert(today);
            for gone in superseded(&kept, today) {
                kept.remove(&gone);
            }
            today = today.tomorrow().unwrap();
        }
        kept
    }

    #[test]
    fn seven_days_and_four_weeks_are_kept() {
        let kept: Vec<String> = left("2026-09-01", "2026-11-22").iter().map(Date::to_string).collect();
        let weeks = ["2026-10-25", "2026-11-01", "2026-11-08", "2026-11-15"];
        let days = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"];
        assert_eq!(kept, [weeks.as_slice(), &days].concat());
    }

    #[test]
    fn the_rule_holds_from_day_to_day_over_the_end_of_a_year() {
        for to in ["2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", "2027-01-05"] {
            let kept = left("2026-10-01", to);
            assert_eq!(kept.len(), DAYS + WEEKS, "{to}: {kept:?}");
            let newest: Vec<_> = kept.iter().rev().take(DAYS).collect();
            assert_eq!(newest.first().copied(), Some(&day(to)));
        }
    }

    #[test]
    fn a_clock_that_jumps_takes_nothing_away() {
        let kept = left("2026-09-01", "2026-11-22");
        for today in ["2016-11-22", "2026-11-01", "2036-01-01", "1970-01-01"] {
            assert_eq!(superseded(&kept, day(today)), Vec::<Date>::new(), "{today}");
        }
        // One day in the future takes the place of no day of the present.
        let mut odd = kept.clone();
        odd.insert(day("2099-01-01"));
        assert_eq!(superseded(&odd, day("2026-11-22")), Vec::<Date>::new());
        odd.insert(day("2026-11-23"));
        assert_eq!(
            superseded(&odd, day("2026-11-23")),
            [day("2026-11-16"), day("2026-10-25")].map(|d| d).to_vec()[1..].to_vec()
        );
    }

    #[test]
    fn a_backup_of_a_file_is_made_once_a_day_and_thinned() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("news.ron");
        let mut today = day("2026-10-01");
        while today <= day("2026-11-22") {
            let text = ron::with_header("project", 0, &format!("[{today}]\n"));
            std::fs::write(&project, &text).unwrap();
            assert_eq!(make(&project, today).unwrap().unwrap().day, today);
            std::fs::write(&project, "later").unwrap();
            assert_eq!(make(&project, today).unwrap(), None);
            let path = place(&project).join(format!("{today}.ron"));
            assert_eq!(std::fs::read_to_string(path).unwrap(), text);
            today = today.tomorrow().unwrap();
        }
        assert_eq!(list(&project).len(), DAYS + WEEKS);
        assert_eq!(list(&project)[0].day, day("2026-11-22"));
        assert_eq!(std::fs::read_dir(place(&project)).unwrap().count(), DAYS + WEEKS + 1);
    }

    #[test]
    fn what_people_put_there_or_changed_stays_and_damage_supersedes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("news.ron");
        let place = place(&project);
        std::fs::create_dir_all(&place).unwrap();
        let own = ["2026-01-01.ron", "2026-01-02.ron", "before the merge.ron", "2026-1-3.ron"];
        own.iter().for_each(|name| std::fs::write(place.join(name), "mine").unwrap());
        std::fs::write(&project, ron::with_header("project", 0, "[]\n")).unwrap();
        make(&project, day("2026-01-03")).unwrap();
        std::fs::write(place.join("2026-01-03.ron"), "changed by hand").unwrap();
        for number in 1..=28 {
            make(&project, day(&format!("2026-02-{number:02}"))).unwrap();
        }
        for name in own.iter().chain(&["2026-01-03.ron"]) {
            assert!(place.join(name).exists(), "{name}");
        }
        let before = list(&project).len();
        std::fs::write(&project, "damaged").unwrap();
        for number in 1..=9 {
            make(&project, day(&format!("2026-03-{number:02}"))).unwrap();
        }
        assert_eq!(list(&project).len(), before + 9);
    }

    #[test]
    fn a_folder_is_backed_up_by_second_names_without_what_grows() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("news");
        let files =
            ["project.ron", "articles/0/a1.ron", "annotations/anna/a1.ron", "journal/1.ronl", ".lock", "trash/x"];
        for name in files {
            let path = project.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
        let made = make(&project, day("2026-11-22")).unwrap().unwrap();
        disk::replace(&project.join("project.ron"), b"new").unwrap();
        for (name, kept) in files.iter().zip([true, true, true, false, false, false]) {
            assert_eq!(std::fs::read_to_string(made.path.join(name)).ok().as_deref(), kept.then_some(*name));
        }
        for number in 1..=30 {
            make(&project, day(&format!("2026-12-{number:02}"))).unwrap();
        }
        assert_eq!(list(&project).len(), DAYS + WEEKS);
        let back = folder.path().join("back");
        copy(&list(&project)[0].path, &back).unwrap();
        assert_eq!(std::fs::read_to_string(back.join("articles/0/a1.ron")).unwrap(), "articles/0/a1.ron");
        assert!(copy(&list(&project)[0].path, &back).is_err());
    }
}
