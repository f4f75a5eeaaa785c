import { ComingShiftsDocument, VolunteerProjectDocument } from '../../api/generated/graphql';
import { client } from '../../program';
import { attempt } from '../../view/attempt';
import { shiftView } from '../shift/view';
import type { ShiftView } from '../shift/view';

Page({
  data: {
    busy: false,
    trouble: '',
    id: '',
    project: null as { name: string; unit: string; description: string; ended: boolean } | null,
    shifts: [] as ShiftView[],
  },

  onLoad({ id }: { id?: string }) {
    this.setData({ id: id ?? '' });
  },

  onShow() {
    return attempt(this, async () => {
      const { node } = await client.run(VolunteerProjectDocument, { id: this.data.id });
      if (node?.__typename !== 'VolunteerProject') return this.setData({ trouble: '项目不存在，或您无权查看。' });
      const { name, unit, description, endedAt } = node;
      const { volunteerShifts } = await client.run(ComingShiftsDocument, { unitId: unit.id });
      const ours = volunteerShifts?.nodes.filter(({ project }) => project.id === node.id) ?? [];
      this.setData({
        project: { name, unit: unit.name, description: description ?? '', ended: endedAt !== null },
        shifts: ours.map((one) => shiftView(one, new Date())),
      });
    });
  },
});
