// Loaded as it is, blocking, in <head>: the page must know its theme before it is painted, and the server's
// policy allows no inline script. Where storage is closed (private windows), the system's theme stays.
try {
  const theme = localStorage.getItem('toride:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {}
