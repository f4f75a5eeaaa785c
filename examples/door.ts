// A card reader at the door: checks in whom it has seen. BASE_URL=… TOKEN=… node door.js ACTIVITY MEMBER…
const [activity, ...memberIds] = process.argv.slice(2);
const url = `${process.env.BASE_URL}/api/v1/activities/${activity}/check-ins`;
const headers = {
  authorization: `Bearer ${process.env.TOKEN}`,
  'content-type': 'application/json',
  'idempotency-key': `"${crypto.randomUUID()}"`, // the same for each try
};

export {}; // a module, so that it can await

interface Results {
  items: { memberId: string; attendance: { state: string } | null; refused: { code: string; message: string } | null }[];
}

for (let tries = 1; ; tries++) {
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ memberIds }) });
  if ([409, 429, 503].includes(answer.status) && tries < 5) {
    await new Promise((wait) => setTimeout(wait, 1000 * Number(answer.headers.get('retry-after') ?? tries)));
    continue;
  }
  if (!answer.ok) throw new Error(await answer.text());
  const { items } = (await answer.json()) as Results;
  for (const { memberId, attendance, refused } of items) console.log(memberId, attendance?.state ?? refused?.code);
  break;
}
