//! Writes the demo into an empty database: a transaction for each subdistrict, without an audit
//! entry for each row. The last transaction leaves a mark, by which a finished demo is known.

use serde_json::json;
use zhibu_domain::{
    id::DistrictId,
    member::Account,
    policy::{self, Action, Actor, Permit, Subject},
    rule::{RuleKey, RuleSetting, Rules},
};
use zhibu_persistence::{
    Origin, PageRequest, Store, StoreError, Tx, activity, assignment, attendance,
    audit::{self, Entry},
    epoch,
    identity::{self, Credential},
    member, organization, rule, volunteering,
};

use super::{
    DemoError, OPERATION, assignment as tasks, extras, history, made,
    volunteering::{Books, Reviewers},
    world::{Part, Recipe, World},
};

/// Days for which the passwords of those who hold a post last: a demo may lie about for a while.
const PASSWORD_DAYS: i64 = 365;

/// The stream of draws of what was handed down.
const HANDED_DOWN: usize = 99;

/// How far the filling is.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// What the mark of a finished demo says.
#[derive(serde::Deserialize)]
struct Mark {
    demo: Recipe,
}

/// What a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A demo.
    Demo(Recipe),
    /// A demo that was interrupted while it was written, or something else.
    Other,
}

/// A permit of the server itself.
pub fn permit(district: DistrictId, action: Action) -> Result<Permit, DemoError> {
    made(policy::permit(&Actor::System(district), action, Subject::default()))
}

/// What the database holds.
pub async fn content(store: &Store) -> Result<Content, DemoError> {
    let districts = organization::districts(store).await?;
    let [district] = districts.as_slice() else {
        return Ok(if districts.is_empty() { Content::Nothing } else { Content::Other });
    };
    let filter = audit::Filter { subject: Some(district.id), ..audit::Filter::default() };
    let oldest = PageRequest { backwards: true, ..PageRequest::first(50) };
    let entries = audit::page(store, DistrictId(district.id), filter, oldest).await?;
    let marks = entries.rows.into_iter().filter(|entry| entry.operation == OPERATION);
    let mark = marks.filter_map(|entry| serde_json::from_value::<Mark>(entry.after?).ok()).next();
    Ok(mark.map_or(Content::Other, |mark| Content::Demo(mark.demo)))
}

/// Fills an empty database.
pub async fn fill(
    store: &Store,
    world: &World,
    password_hash: &str,
    progress: Progress<'_>,
) -> Result<(), DemoError> {
    let district = world.district();
    let id = DistrictId(district.id);
    let permit = permit(id, Action::ManageMember)?;
    let begin = async || {
        let tx = store.begin(Origin { operation: OPERATION, request_id: None, now: world.now }).await?;
        tx.expect_many().await.map(|()| tx)
    };
    let mut writing = Writing { tx: begin().await?, permit, world, password_hash, progress, done: 0 };
    organization::insert_district(&writing.tx, &writing.permit, &district).await?;
    let base = world.base()?;
    writing.part(&base, 0).await?;
    for n in 0..world.plan.subdistricts.len() {
        if n > 0 {
            writing = writing.committed(&begin).await?;
        }
        let part = world.subdistrict(n, &base)?;
        writing.part(&part, n + 1).await?;
        if n == 0 {
            extras::write(&writing.tx, &writing.permit, world, &part).await?;
            writing.handed_down(&base, &part).await?;
        }
    }
    writing.finish(id).await?;
    store.analyze().await?;
    Ok(())
}

struct Writing<'a> {
    tx: Tx,
    permit: Permit,
    world: &'a World,
    password_hash: &'a str,
    progress: Progress<'a>,
    done: usize,
}

impl Writing<'_> {
    /// Goes on in another transaction, once the last has ended: SQLite has one writer.
    async fn committed(self, begin: impl AsyncFnOnce() -> Result<Tx, StoreError>) -> Result<Self, DemoError> {
        let Self { tx, .. } = self;
        tx.commit().await?;
        Ok(Self { tx: begin().await?, ..self })
    }

    async fn part(&mut self, part: &Part, n: usize) -> Result<(), DemoError> {
        let (tx, permit) = (&self.tx, &self.permit);
        organization::insert_units(tx, permit, &part.tree.units).await?;
        for (unit, guide) in &part.tree.guidance {
            organization::insert_guidance(tx, permit, *unit, *guide).await?;
        }
        for (account, _, _) in &part.people.staff {
            member::insert_account(tx, permit, account).await?;
        }
        self.credentials(part.people.staff.iter().map(|(account, _, _)| account)).await?;
        for roster in &part.people.rosters {
            let people: Vec<_> = roster.people.iter().cloned().map(|(a, m)| (Some(a), m)).collect();
            member::insert_members(tx, permit, &people, false).await?;
            self.credentials(roster.people.iter().map(|(account, _)| account)).await?;
            for (exemption, account) in &roster.exemptions {
                member::insert_exemption(tx, permit, exemption, *account).await?;
            }
        }
        member::insert_posts(tx, permit, &part.people.posts).await?;
        self.history(part, n).await?;
        self.work(part, n).await
    }

    /// What the members did and were given to do, some branches at a time.
    async fn work(&self, part: &Part, n: usize) -> Result<(), DemoError> {
        let Some((office, ..)) = part.people.staff.first() else { return Ok(()) };
        let (mut draw, world) = (self.world.work(n), self.world);
        for rosters in part.people.rosters.chunks(50) {
            let (mut entries, mut lines, mut told) = (Vec::new(), Vec::new(), Vec::new());
            for roster in rosters {
                let Some((secretary, _)) = roster.people.first() else { continue };
                let reviewers = Reviewers { secretary: secretary.id, office: office.id };
                let books =
                    Books::of(&mut draw, roster, reviewers, world.plan.months, world.today, world.now)?;
                entries.extend(books.entries);
                lines.extend(books.lines);
                told.extend(tasks::tasks(&mut draw, roster, world.plan.months, world.today, world.now)?);
            }
            volunteering::open_books(&self.tx, &self.permit, &entries, &lines).await?;
            self.told(&told).await?;
        }
        Ok(())
    }

    async fn handed_down(&self, base: &Part, part: &Part) -> Result<(), DemoError> {
        let head = |part: &Part| part.people.staff.first().map(|(account, ..)| account.id);
        let (Some(administrator), Some(office)) = (head(base), head(part)) else { return Ok(()) };
        let told = tasks::handed_down(
            &mut self.world.work(HANDED_DOWN),
            (&base.tree.top, administrator),
            (&part.tree.top, office),
            &part.people.rosters,
            self.world.now,
        )?;
        self.told(&told).await
    }

    async fn told(&self, told: &[tasks::Told]) -> Result<(), DemoError> {
        Ok(assignment::insert_assignments(&self.tx, &self.permit, told, &Rules::defaults(), false).await?)
    }

    async fn credentials(&self, accounts: impl Iterator<Item = &Account>) -> Result<(), DemoError> {
        let chosen =
            || Credential { password_hash: self.password_hash.to_owned(), changed_at: Some(self.world.now) };
        let credentials: Vec<_> = accounts.map(|account| (account.id, chosen())).collect();
        Ok(identity::insert_credentials(&self.tx, &self.permit, &credentials).await?)
    }

    /// Month by month, the earliest first; some branches at a time.
    async fn history(&mut self, part: &Part, n: usize) -> Result<(), DemoError> {
        let mut draw = self.world.history(n);
        let (tx, permit) = (&self.tx, &self.permit);
        for ago in (1..=self.world.plan.months).rev() {
            for rosters in part.people.rosters.chunks(50) {
                let mut activities = Vec::with_capacity(rosters.len());
                let (mut lists, mut records, mut tallies) = (Vec::new(), Vec::new(), Vec::new());
                for roster in rosters {
                    let held = history::held(&mut draw, roster, ago, self.world.today, self.world.now)?;
                    let id = held.activity.id;
                    lists.extend(held.list.into_iter().map(|attendee| (id, attendee)));
                    records.extend(held.records);
                    tallies.push((id, held.tally));
                    activities.push((held.activity, held.agenda));
                }
                activity::insert_activities(tx, permit, &activities, &Rules::defaults()).await?;
                attendance::insert_attendees(tx, permit, &lists).await?;
                attendance::insert_attendances(tx, permit, &records, false).await?;
                for (id, tally) in &tallies {
                    attendance::save_tally(tx, permit, *id, tally).await?;
                }
                if self.done == 0 {
                    tx.analyze().await?;
                }
                self.done += rosters.len();
                (self.progress)(self.done, self.world.plan.held());
            }
        }
        Ok(())
    }

    async fn finish(self, district: DistrictId) -> Result<(), DemoError> {
        let setting = RuleSetting {
            key: RuleKey::PasswordMaxAgeDays,
            value: PASSWORD_DAYS,
            starts_on: self.world.today,
            source: "演示环境".to_owned(),
        };
        rule::save_setting(&self.tx, &self.permit, &made(setting.check(self.world.today))?).await?;
        volunteering::balance_books(&self.tx, &self.permit).await?;
        let mark = Entry {
            after: Some(json!({ "demo": self.world.recipe })),
            ..Entry::about(district).reason(Some("演示数据"))
        };
        audit::append(&self.tx, &self.permit, mark).await?;
        epoch::advance(&self.tx).await?;
        Ok(self.tx.commit().await?)
    }
}
