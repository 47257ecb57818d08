/*
 * The agent: a forked child that enters the container's network namespace, connects there and speaks HTTP. It pauses
 * twice, so that its parent can look at the container before the connection and while the request is unfinished.
 */
#ifndef TORIDE_AGENT_H
#define TORIDE_AGENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct agent_request {
	uint16_t port;
	/* All of the request but the blank line that ends it. */
	const char *head;
	bool headless; /* the method is HEAD */
	int wait_ms;   /* for the connection, and again for the answer */
	size_t max;    /* bytes of the answer to keep, its head included */
};

/* Memory shared with the agent. */
struct agent_answer {
	uint16_t local_port; /* the agent's end of the connection, once there is one */
	double elapsed_ms;   /* from the request's end to the answer's */
	bool ended;	     /* the server closed the connection */
	bool cut;	     /* more came than is kept, or time was over */
	size_t length;
	char bytes[];
};

struct agent {
	pid_t pid;
	int control;
	struct agent_answer *answer;
};

/* Starts the agent for the container of this init and lets it enter; false after printing an error. */
bool agent_start(struct agent *agent, const struct agent_request *request, int init_directory);

/* The next step: first to connect and send the head, then to end the request and read the answer. NULL, or why not. */
const char *agent_step(struct agent *agent);

#endif
