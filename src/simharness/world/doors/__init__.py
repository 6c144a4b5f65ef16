"""How a connector reaches a world: an httpx transport and a router in process, a real socket out of process."""
