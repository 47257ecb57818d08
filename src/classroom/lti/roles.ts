/** What a platform's roles come to here. By whole URIs: a role of the institution says nothing about this course. */
import type { LtiRole } from '../../store/lti-sessions.ts';

const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const INSTRUCTOR = `${MEMBERSHIP}/Instructor`;

const TEACHES = new Set([
  `${MEMBERSHIP}#Instructor`,
  `${MEMBERSHIP}#Administrator`,
  `${MEMBERSHIP}#ContentDeveloper`,
  ...['ExternalInstructor', 'Grader', 'GuestInstructor', 'Lecturer', 'PrimaryInstructor', 'SecondaryInstructor'].map(
    (name) => `${INSTRUCTOR}#${name}`,
  ),
  ...['TeachingAssistant', 'TeachingAssistantGroup', 'TeachingAssistantOffering', 'TeachingAssistantSection'].map(
    (name) => `${INSTRUCTOR}#${name}`,
  ),
]);
const LEARNS = new Set([
  `${MEMBERSHIP}#Learner`,
  ...['ExternalLearner', 'GuestLearner', 'Learner', 'NonCreditLearner'].map((name) => `${MEMBERSHIP}/Learner#${name}`),
]);

/** visitor: neither teaches nor learns in this course (an observer, a mentor, nobody): works, and no score goes back. */
export function roleOf(roles: readonly string[]): LtiRole {
  if (roles.some((role) => TEACHES.has(role))) return 'instructor';
  return roles.some((role) => LEARNS.has(role)) ? 'learner' : 'visitor';
}
