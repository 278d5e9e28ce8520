/** The view Access: one's own account for everybody; users, tokens and the audit trail for administrators. */
import { Card, Note } from '../parts/boxes.js';
import { View } from '../parts/view.js';
import { mayChange } from '../session/session.js';
import { AuditTrail } from './audit-trail.js';
import { OwnAccount } from './own-account.js';
import { Tokens } from './tokens.js';
import { Users } from './users.js';

export function AccessView() {
  return (
    <View title="Access" words="Who may come in, and what each may do.">
      <OwnAccount />
      {mayChange.value ? (
        <>
          <Users />
          <Tokens />
          <AuditTrail />
        </>
      ) : (
        <Card title="Users, API tokens, audit trail">
          <Note>Only an administrator sees these.</Note>
        </Card>
      )}
    </View>
  );
}
