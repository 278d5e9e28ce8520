/** The rights of a user or a token: shown as badges, and chosen in a form. */
import type { Role } from '../../src/io/web/contract/access.js';
import { Badge } from '../parts/boxes.js';
import { Field } from '../parts/field.js';
import { Switch } from '../parts/switch.js';

export interface Rights {
  readonly role: Role;
  readonly mayListen: boolean;
}

export function RightBadges({
  role,
  mayListen,
  mayReadSecrets = false,
}: Rights & { readonly mayReadSecrets?: boolean }) {
  return (
    <span class="chips">
      <Badge tone={role === 'admin' ? 'accent' : 'plain'}>{role === 'admin' ? 'administrator' : 'read only'}</Badge>
      {mayListen && <Badge tone="warn">may listen</Badge>}
      {mayReadSecrets && <Badge tone="warn">reads secrets</Badge>}
    </span>
  );
}

interface RightFieldsProps {
  readonly rights: Rights;
  readonly onChange: (rights: Rights) => void;
}

export function RightFields({ rights, onChange }: RightFieldsProps) {
  return (
    <>
      <Field
        label="Role"
        hint="Administrators change settings, users and tokens. Read only sees calls, settings and health."
      >
        {(labelled) => (
          <select
            {...labelled}
            class="select"
            value={rights.role}
            onChange={({ currentTarget }) =>
              onChange({ ...rights, role: currentTarget.value === 'admin' ? 'admin' : 'reader' })
            }
          >
            <option value="reader">Read only</option>
            <option value="admin">Administrator</option>
          </select>
        )}
      </Field>
      <Switch isCheck isOn={rights.mayListen} onChange={(mayListen) => onChange({ ...rights, mayListen })}>
        May listen to calls. Each time is written to the audit trail.
      </Switch>
    </>
  );
}
