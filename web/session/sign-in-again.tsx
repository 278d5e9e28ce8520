/** The session has ended while somebody worked: they sign in again on top of their work, and go on where they were. */
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { isSignInAgain, leave, user } from './session.js';
import { useSignIn } from './sign-in.js';

export function SignInAgain() {
  return isSignInAgain.value ? <SignInAgainDialog /> : null;
}

function SignInAgainDialog() {
  const { fields, action } = useSignIn(user.value?.name ?? '');
  return (
    <Dialog
      title="Please sign in again"
      onCancel={() => undefined}
      onSubmit={() => void action.run()}
      actions={
        <>
          <Button kind="quiet" onPress={() => void leave()}>
            Leave
          </Button>
          <Button kind="primary" isSubmit isBusy={action.isBusy}>
            Sign in
          </Button>
        </>
      }
    >
      <p class="muted">Your session has ended. What you have typed is still there.</p>
      {fields}
    </Dialog>
  );
}
