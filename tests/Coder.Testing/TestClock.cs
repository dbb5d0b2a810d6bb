namespace Coder.Testing;

/// <summary>The real clock, for tests that wait for real processes. Everything else takes a fake one.</summary>
public static class TestClock
{
#pragma warning disable RS0030 // the tests' one choice of a clock, as Program's is the server's
    /// <summary>The clock of the machine.</summary>
    public static TimeProvider System => TimeProvider.System;
#pragma warning restore RS0030
}
