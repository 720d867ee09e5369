"""May this device send another report now?"""


class Buckets:
    """One token bucket a device; a full one is not kept, so quiet devices cost nothing."""

    def __init__(self, *, rate_per_s: float, burst: int) -> None:
        self._interval_s = 1 / rate_per_s
        self._depth_s = burst / rate_per_s
        self._full_at: dict[str, float] = {}
        self._pruned_at = 0.0

    def take(self, device_id: str, now_s: float) -> bool:
        """Take a token of the device at Unix time `now_s`, or return False if there is none."""
        if abs(now_s - self._pruned_at) > self._depth_s:
            self._full_at = {i: t for i, t in self._full_at.items() if now_s < t <= now_s + self._depth_s}
            self._pruned_at = now_s
        full_at = max(self._full_at.get(device_id, now_s), now_s) + self._interval_s
        if full_at - now_s > self._depth_s:
            return False
        self._full_at[device_id] = full_at
        return True

    def __len__(self) -> int:
        return len(self._full_at)
