//! What is there once: the subdistrict's theme, who adopts it, a fixed Party day, a request for
//! leave, a team of volunteers with a shift to come. All of it belongs to the first subdistrict.

use std::collections::HashSet;

use chrono::{Datelike, Days, Duration, Months, NaiveDate, NaiveTime};
use zhibu_domain::{
    activity::{
        Activity, ActivityKind, Adoption, Agenda, AgendaTemplate, LeaveRequest, NewActivity, NewRecurrence,
        NewTheme, NewVenue, Recurrence, Schedule, Theme, TimeWindow,
    },
    id::{AccountId, ActivityId},
    organization::DEFAULT_TIME_ZONE,
    policy::Permit,
    rule::Rules,
    volunteering::{NewShift, Volunteer, VolunteerProject, VolunteerTeam, VolunteerTeamMember},
};
use zhibu_persistence::{Tx, activity, attendance, volunteering};

use super::{
    DemoError,
    draw::Draw,
    history::{first_friday, list, local, party_day, title},
    made,
    people::Roster,
    world::{Part, World},
};

/// The stream of draws that no part uses.
const STREAM: usize = 100;

/// Writes it.
pub async fn write(tx: &Tx, permit: &Permit, world: &World, part: &Part) -> Result<(), DemoError> {
    let mut draw = world.history(STREAM);
    let office = part.people.staff.first().map(|(account, _, _)| account.id);
    let office = office.ok_or_else(|| DemoError::fault("an office without staff"))?;
    let month = next_month(world.today);
    let theme = theme(&mut draw, world, part, office, month)?;
    activity::insert_theme(tx, permit, &theme).await?;
    let mut rosters = part.people.rosters.iter();
    let mut next = || rosters.next().ok_or_else(|| DemoError::fault("too few branches"));
    let (first, second) = (next()?, next()?);
    recurrence(tx, permit, world, (first, &mut draw)).await?;
    adoption(tx, permit, world, (second, &mut draw), (&theme, part), month).await?;
    let planned = upcoming(tx, permit, world, (first, &mut draw), month).await?;
    leave(tx, permit, world, (first, &mut draw), &planned).await?;
    shift(tx, permit, world, (first, &mut draw)).await
}

/// The first day of the next month.
pub fn next_month(today: NaiveDate) -> NaiveDate {
    today.with_day(1).and_then(|d| d.checked_add_months(Months::new(1))).unwrap_or(today)
}

fn window(day: NaiveDate, hour: u32) -> TimeWindow {
    let starts_at = local(day, hour, 30);
    TimeWindow { starts_at, ends_at: starts_at + Duration::minutes(90) }
}

fn secretary(roster: &Roster) -> Result<AccountId, DemoError> {
    roster.people.first().map(|(account, _)| account.id).ok_or_else(|| DemoError::fault("an empty branch"))
}

fn theme(
    draw: &mut Draw,
    world: &World,
    part: &Part,
    office: AccountId,
    month: NaiveDate,
) -> Result<Theme, DemoError> {
    let last = month.checked_add_months(Months::new(1)).and_then(|d| d.pred_opt()).unwrap_or(month);
    let new = NewTheme {
        id: draw.id(),
        issuer_unit_id: part.tree.top.id,
        kind: ActivityKind::ThemePartyDay,
        title: "“四引领四提升”主题党日".to_owned(),
        description: Some("各党支部结合实际开展，商圈党支部可与社区党支部共同主办。".to_owned()),
        starts_on: world.today,
        ends_on: last,
        items: ["领学必读篇目", "认领一项微心愿"].map(str::to_owned).to_vec(),
        issued_by: office,
    };
    made(Theme::issue(new, world.today, world.now))
}

/// The branch's fixed Party day; the server's worker makes its drafts.
async fn recurrence(
    tx: &Tx,
    permit: &Permit,
    world: &World,
    of: (&Roster, &mut Draw),
) -> Result<(), DemoError> {
    let (roster, draw) = of;
    let new = NewRecurrence {
        id: draw.id(),
        host_unit_id: roster.unit.id,
        kind: ActivityKind::ThemePartyDay,
        title: "每月固定党日".to_owned(),
        venue: Some(NewVenue { name: "社区党群服务中心".to_owned(), address: None, fence: None }),
        wants_check_out: false,
        schedule: Schedule {
            rule: "FREQ=MONTHLY;BYDAY=1FR".to_owned(),
            starts_on: world.today,
            time: NaiveTime::from_hms_opt(14, 30, 0).unwrap_or_default(),
            minutes: 90,
            time_zone: DEFAULT_TIME_ZONE.to_owned(),
        },
        created_by: secretary(roster)?,
    };
    let set_up = Recurrence::set_up(new, roster.unit.kind, &Rules::defaults(), world.today, world.now);
    Ok(activity::insert_recurrence(tx, permit, &made(set_up)?).await?)
}

/// The second branch adopts the theme, together with the business district's branch if it has one.
async fn adoption(
    tx: &Tx,
    permit: &Permit,
    world: &World,
    of: (&Roster, &mut Draw),
    under: (&Theme, &Part),
    month: NaiveDate,
) -> Result<(), DemoError> {
    let ((roster, draw), (theme, part)) = (of, under);
    let by = secretary(roster)?;
    let adoption = Adoption {
        id: draw.id(),
        host_unit_id: roster.unit.id,
        host_path: &roster.unit.path,
        zone: chrono_tz::Asia::Shanghai,
        title: None,
        window: window(first_friday(month), 14),
        venue: None,
        created_by: by,
    };
    let joint = part.people.rosters.last().filter(|last| last.unit.kind != roster.unit.kind);
    let draft = made(theme.adopt(&part.tree.top.path, adoption))?;
    let new = NewActivity { joint_host_ids: joint.iter().map(|r| r.unit.id).collect(), ..draft };
    let hosts: Vec<_> = std::iter::once(roster).chain(joint).collect();
    publish(tx, permit, world, (&hosts, draw), new, &theme.items).await?;
    Ok(())
}

/// A Party day of the first branch in the month to come.
pub async fn upcoming(
    tx: &Tx,
    permit: &Permit,
    world: &World,
    of: (&Roster, &mut Draw),
    month: NaiveDate,
) -> Result<Activity, DemoError> {
    let (roster, draw) = of;
    let window = window(first_friday(month), 19);
    let new = party_day(draw, roster, title(month.month()), window, secretary(roster)?);
    publish(tx, permit, world, (&[roster], draw), new, &[]).await
}

async fn publish(
    tx: &Tx,
    permit: &Permit,
    world: &World,
    of: (&[&Roster], &mut Draw),
    new: NewActivity,
    items: &[String],
) -> Result<Activity, DemoError> {
    let (hosts, draw) = of;
    let host = hosts.first().ok_or_else(|| DemoError::fault("an activity without a host"))?;
    let planned = made(Activity::plan(new, host.unit.kind, &Rules::defaults(), world.now))?;
    let published = made(planned.publish(world.now))?;
    let agenda = made(Agenda::make(Some(&AgendaTemplate::default()), items, &[], || draw.id()))?;
    activity::insert_activity(tx, permit, &published, &agenda, &Rules::defaults()).await?;
    let day = published.window.day(chrono_tz::Asia::Shanghai);
    let listed: Vec<(ActivityId, _)> =
        hosts.iter().flat_map(|roster| list(roster, day)).map(|attendee| (published.id, attendee)).collect();
    attendance::insert_attendees(tx, permit, &listed).await?;
    Ok(published)
}

/// A member asks for leave and waits for an answer.
async fn leave(
    tx: &Tx,
    permit: &Permit,
    world: &World,
    of: (&Roster, &mut Draw),
    planned: &Activity,
) -> Result<(), DemoError> {
    let (roster, draw) = of;
    let listed = list(roster, world.today);
    let Some(attendee) = listed.get(6) else { return Ok(()) };
    let asked = LeaveRequest::ask(draw.id(), planned, Some(attendee), None, None, "出差在外", world.now);
    Ok(attendance::insert_leave(tx, permit, &made(asked)?, attendee.account_id).await?)
}

/// A team of the branch and its next shift, for which some have signed up.
async fn shift(tx: &Tx, permit: &Permit, world: &World, of: (&Roster, &mut Draw)) -> Result<(), DemoError> {
    let (roster, draw) = of;
    let (by, now) = (secretary(roster)?, world.now);
    let volunteers: Vec<_> = roster.people.iter().skip(1).take(3).collect();
    let team = VolunteerTeam {
        id: draw.id(),
        unit_id: roster.unit.id,
        name: "红马甲志愿服务队".to_owned(),
        captain_id: volunteers.first().map(|(_, member)| member.id),
        founded_at: now,
        ended_at: None,
    };
    let team = made(team.found())?;
    volunteering::insert_team(tx, permit, &team).await?;
    for (account, member) in &volunteers {
        let joined = VolunteerTeamMember {
            id: draw.id(),
            team_id: team.id,
            member_id: member.id,
            account_id: account.id,
            joined_at: now,
            added_by: None,
            left_at: None,
        };
        volunteering::insert_team_member(tx, permit, &joined).await?;
    }
    let project = VolunteerProject {
        id: draw.id(),
        unit_id: roster.unit.id,
        team_id: Some(team.id),
        name: "周末清洁家园".to_owned(),
        description: Some("清理楼道杂物，擦洗公共设施。".to_owned()),
        beneficiary: Some("社区居民".to_owned()),
        created_by: by,
        created_at: now,
        ended_at: None,
    };
    let project = made(project.begin(Some(&team)))?;
    volunteering::insert_project(tx, permit, &project).await?;
    let day = world.today.checked_add_days(Days::new(3)).unwrap_or(world.today);
    let starts_at = local(day, 9, 0);
    let new = NewShift {
        id: draw.id(),
        window: TimeWindow { starts_at, ends_at: starts_at + Duration::hours(2) },
        place: "小区中心花园集合".to_owned(),
        capacity: 8,
        skills: Vec::new(),
        minimum_age: None,
        created_by: by,
    };
    let shift = made(made(new.plan(&project, now))?.publish(now))?;
    volunteering::insert_shift(tx, permit, &shift).await?;
    let mut signed_up = Vec::new();
    for (account, member) in volunteers {
        let volunteer = Volunteer {
            member_id: member.id,
            account_id: account.id,
            birth: member.birth,
            has_skills: true,
            is_elsewhere: false,
        };
        let one = made(shift.sign_up(draw.id(), volunteer, &signed_up, &HashSet::new(), day, now))?;
        volunteering::insert_sign_up(tx, permit, &one).await?;
        signed_up.push(one);
    }
    Ok(())
}
