"""NIGHTLY: scheduled runs.

``nightly`` runs the jobs of a settings file · ``locks`` keeps two runs apart ·
``notify`` tells people what is new, in counts and links · ``metrics`` figures
for Prometheus · ``schedulers`` cron, systemd and the Windows Task Scheduler.
"""
