use zhibu_domain::{id::PartyMemberId, policy::Permit};
use zhibu_persistence::{Tx, volunteering};

use super::{Row, lock_row, sign_up::move_up, tell};
use crate::{app::App, error::OpError};

/// Takes back whatever somebody who leaves the roster has of shifts to come; whoever waits moves up. The
/// caller has locked the member.
pub async fn give_back(app: &App, tx: &Tx, permit: &Permit, member: PartyMemberId) -> Result<(), OpError> {
    let district = permit.district_id();
    for id in volunteering::signed_up_ahead(tx, district, member).await? {
        let Row { shift, mut sign_ups, .. } = lock_row(tx, district, id).await?;
        let Some(own) = sign_ups.iter_mut().find(|s| s.member_id == member && s.is_live()) else { continue };
        let before = own.clone();
        // Who has come early already was there.
        let Ok(after) = before.clone().withdraw(&shift, tx.now()) else { continue };
        *own = after.clone();
        volunteering::update_sign_up(tx, permit, &before, &after).await?;
        move_up(app, tx, permit, &shift, &sign_ups).await?;
        tell(tx, permit, "sign_up.withdrawn", &shift, &after).await?;
    }
    Ok(())
}
