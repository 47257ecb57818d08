/* See learner.h. */
#include "learner.h"
#include "json.h"
#include "namespaces.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A change of ids leaves the inheritable set as it was. */
static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 && syscall(SYS_capset, &header, none) == 0;
}

bool learner_become(int init_directory, uid_t uid, gid_t gid)
{
	int user = namespace_open(init_directory, NS_USER);

	umask(022);
	if (user < 0 || prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    setns(user, CLONE_NEWUSER) != 0 || setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 ||
	    setresuid(uid, uid, uid) != 0 || !drop_capabilities()) {
		fail("not-permitted", "the container's user %u cannot be taken: %s", uid, strerror(errno));
		return false;
	}
	close(user);
	/* New credentials cleared the one and may have set the other. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_DUMPABLE, 0);
	return true;
}
