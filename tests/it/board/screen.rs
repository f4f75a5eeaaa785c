//! The page on the wall, in a browser that we did not write.

use std::time::{Duration as Real, Instant};

use chrono::Duration;
use serde_json::json;

use super::link;
use crate::{
    both,
    harness::{World, browser::Browser, document::*, wire::Wire},
};

/// Lets the world's clock run while something happens.
async fn while_time_passes<T>(world: &World, happens: impl Future<Output = T>) -> T {
    let (began, from) = (Instant::now(), world.now());
    let passing = async {
        loop {
            world.set_clock(from + Duration::from_std(began.elapsed()).unwrap());
            tokio::time::sleep(Real::from_millis(10)).await;
        }
    };
    tokio::select! {
        done = happens => done,
        () = passing => unreachable!("time doesn't end"),
    }
}

const SHOWS_CODE: &str = "document.querySelector('main')?.dataset.shows === 'code'";

/// What is wrong with what can be seen: the sizes of all texts and of the code in hundredths of the
/// screen's height, contrasts, and whatever is cut off.
const MEASURED: &str = "(() => {
    const light = (color) => {
        const parts = color.match(/[\\d.]+/g).slice(0, 3).map((part) => {
            const value = Number(part) / 255;
            return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const ground = light(getComputedStyle(document.body).backgroundColor);
    const texts = [...document.querySelectorAll('h1, dt, dd, #digits span, #hint, #notice')].filter((element) =>
        element.textContent.trim() && element.checkVisibility({ visibilityProperty: true }));
    const of = (element) => {
        const style = getComputedStyle(element);
        const [a, b] = [light(style.color), ground].sort((x, y) => y - x);
        const box = element.getBoundingClientRect();
        return {
            text: element.textContent, vh: parseFloat(style.fontSize) / innerHeight * 100,
            contrast: (a + 0.05) / (b + 0.05),
            cut: box.left < 0 || box.top < 0 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5
                || element.scrollWidth > element.clientWidth + 1 && style.overflow === 'hidden',
        };
    };
    const qr = document.querySelector('#qr').getBoundingClientRect();
    const overlaps = texts.some((element) => {
        const box = element.getBoundingClientRect();
        return box.left < qr.right - 1 && box.right > qr.left + 1 && box.top < qr.bottom - 1 && box.bottom > qr.top + 1;
    });
    return { texts: texts.map(of), qr: Math.min(qr.width, qr.height) / innerHeight * 100, overlaps,
        qrCut: qr.right > innerWidth || qr.bottom > innerHeight };
})()";

async fn measure(browser: &mut Browser, name: &str, wall: bool) {
    let measured = browser.ask(MEASURED).await;
    let texts = measured["texts"].as_array().unwrap();
    // Title, twice three digits, four counts with their names; the hint where there is room for it.
    assert!(texts.len() >= 11, "{name}: {measured:#}");
    for text in texts {
        assert_eq!(text["cut"], false, "{name}: {text}");
        assert!(text["contrast"].as_f64().unwrap() >= 7.0, "{name}: {text}");
        if wall {
            assert!(text["vh"].as_f64().unwrap() >= 9.99, "{name}: {text}");
        }
    }
    assert_eq!(
        (&measured["overlaps"], &measured["qrCut"]),
        (&json!(false), &json!(false)),
        "{name}: {measured:#}"
    );
    if wall {
        let digits = texts.iter().filter(|text| text["text"].as_str().unwrap().len() == 3);
        let digits: Vec<_> = digits.filter(|text| text["vh"].as_f64().unwrap() >= 19.99).collect();
        assert_eq!(digits.len(), 2, "{name}: {measured:#}");
        assert!(measured["qr"].as_f64().unwrap() >= 59.9, "{name}: {measured:#}");
    }
}

both! {
    async fn a_member_checks_in_by_the_code_on_the_wall(world: &World) {
        let Some(mut browser) = Browser::start().await else { return };
        // What a page keeps belongs to its address.
        world.pin();
        let id = world.party_day().await;
        while_time_passes(world, async {
            let (path, ticket) = link(world, &id).await;
            browser.screen(1920, 1080, false).await;
            browser.open(&world.path(&format!("{path}?lang=zh#{ticket}"))).await;
            browser.wait_for(SHOWS_CODE).await;
            assert_eq!(browser.ask("location.hash").await, "", "the ticket is gone from the address");
            assert_eq!(browser.ask("document.querySelector('#present').textContent").await, "0");
            let picture = browser.picture().await;
            let codes = picture.codes(1);
            assert_eq!(codes.len(), 1, "{codes:?}");
            assert_eq!(picture.codes(4), codes, "from four times as far");
            world.member_of_b1().run(CHECK_IN, json!({ "qr": codes[0] })).await.done();
            browser.wait_for("document.querySelector('#present').textContent === '1'").await;
            // The page lasts: loaded anew, it shows the same activity without another link.
            browser.open(&world.path(&format!("{path}?lang=zh"))).await;
            browser.wait_for(SHOWS_CODE).await;
            browser.wait_for("document.querySelector('#present').textContent === '1'").await;
        }).await;
    }
}

both! {
    async fn it_is_read_from_ten_metres_on_every_screen(world: &World) {
        let Some(mut browser) = Browser::start().await else { return };
        // What a page keeps belongs to its address.
        world.pin();
        let id = world.party_day_with(json!({ "title": "“七一”主题党日暨党员志愿服务表彰大会" })).await;
        while_time_passes(world, async {
            let (path, ticket) = link(world, &id).await;
            browser.open(&world.path(&format!("{path}?lang=zh#{ticket}"))).await;
            browser.wait_for(SHOWS_CODE).await;
            let screens = [(1920, 1080), (1366, 768), (1280, 800), (1024, 768), (390, 844)];
            for (language, (width, height)) in ["zh", "en"].into_iter().flat_map(|l| screens.map(|s| (l, s))) {
                browser.open(&world.path(&format!("{path}?lang={language}"))).await;
                browser.wait_for(SHOWS_CODE).await;
                for dark in [false, true] {
                    browser.screen(width, height, dark).await;
                    browser.wait_for(&format!("{SHOWS_CODE} && innerWidth === {width}")).await;
                    let name = format!("board-{language}-{width}x{height}-{}", if dark { "dark" } else { "light" });
                    let picture = browser.picture().await;
                    picture.keep(&name);
                    assert_eq!(picture.codes(1).len(), 1, "{name}");
                    measure(&mut browser, &name, width > height).await;
                }
            }
        }).await;
    }
}

both! {
    async fn a_lost_connection_is_shown_and_never_an_old_code(world: &World) {
        let Some(mut browser) = Browser::start().await else { return };
        let id = world.party_day().await;
        world.pin();
        let wire = Wire::to(world.path("").trim_start_matches("http://").to_owned()).await;
        while_time_passes(world, async {
            let (path, ticket) = link(world, &id).await;
            browser.screen(1280, 720, false).await;
            browser.open(&wire.url(&format!("{path}?lang=zh#{ticket}"))).await;
            browser.wait_for(SHOWS_CODE).await;
            let until = world.code(&id).await["validUntil"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
            wire.cut(true);
            browser.wait_for("document.querySelector('main').dataset.online === 'no'").await;
            browser.wait_for("document.querySelector('main').dataset.shows === 'notice'").await;
            // A code may have come just before the wire was cut; it was another step's at most.
            assert!(world.now() <= until + Duration::seconds(15 + 2), "{} after {until}", world.now());
            let picture = browser.picture().await;
            picture.keep("board-offline");
            assert_eq!(picture.codes(1), Vec::<String>::new());
            assert_eq!(browser.ask("document.querySelector('#digits').innerText.trim()").await, "");
            let said = browser.ask("document.querySelector('#notice').innerText").await;
            assert!(said.as_str().unwrap().contains("连接中断"), "{said}");
            assert!(picture.shades() > 1);
            wire.cut(false);
            browser.wait_for(SHOWS_CODE).await;
            world.member_of_b1().run(CHECK_IN, json!({ "qr": browser.picture().await.codes(1)[0] })).await.done();
            browser.wait_for("document.querySelector('#present').textContent === '1'").await;
        }).await;
    }
}

both! {
    async fn what_is_over_says_so(world: &World) {
        let Some(mut browser) = Browser::start().await else { return };
        let (id, other) = (world.party_day().await, world.draft(json!({})).await);
        let closed = "document.querySelector('#notice')?.innerText.includes('签到屏已关闭')";
        while_time_passes(world, async {
            browser.screen(1280, 720, true).await;
            let (path, ticket) = link(world, &id).await;
            browser.open(&world.path(&format!("/board/{other}?lang=zh#{ticket}"))).await;
            browser.wait_for(closed).await;
            browser.open(&world.path(&format!("{path}?lang=zh#{ticket}"))).await;
            browser.wait_for(SHOWS_CODE).await;
            world.secretary().run(CLOSE_BOARDS, json!({ "activityId": id })).await.done();
            browser.wait_for(closed).await;
            browser.picture().await.keep("board-closed");
            browser.open(&world.path(&format!("{path}?lang=zh#{ticket}"))).await;
            browser.wait_for(closed).await;
            browser.open(&world.path(&format!("{path}?lang=zh"))).await;
            browser.wait_for(closed).await;
        }).await;
    }
}
